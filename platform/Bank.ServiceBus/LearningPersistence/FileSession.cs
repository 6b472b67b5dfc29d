using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Outbox;
using Bank.ServiceBus.Persistence;

namespace Bank.ServiceBus.Learning;

/// <summary>Changes to files that are made when all handlers have succeeded. Holds the lock of the folder from the first use of a saga to the end.</summary>
internal sealed class FileSession(string folder) : ICompletableSynchronizedStorageSession
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly List<Action> changes = [];
    private FileStream? folderLock;

    public ValueTask<bool> TryOpen(IOutboxTransaction transaction, ContextBag context, CancellationToken cancellationToken = default) => new(false);

    public Task Open(ContextBag context, CancellationToken cancellationToken = default) => Task.CompletedTask;

    /// <summary>Waits until no other session, in whatever process, uses the folder. The lock of a process that died is free.</summary>
    public async Task Lock(CancellationToken cancellationToken)
    {
        if (folderLock is not null) return;
        Directory.CreateDirectory(folder);
        while (true)
        {
            try
            {
                folderLock = new FileStream(Path.Combine(folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                return;
            }
            catch (IOException) when (Directory.Exists(folder))
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    public void OnCommit(Action change) => changes.Add(change);

    public Task CompleteAsync(CancellationToken cancellationToken = default)
    {
        foreach (var change in changes) change();
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (folderLock is not null) await folderLock.DisposeAsync();
    }
}
