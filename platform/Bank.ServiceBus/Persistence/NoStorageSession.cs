using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Outbox;

namespace Bank.ServiceBus.Persistence;

/// <summary>The session of an endpoint without persistence: nothing to open, nothing to commit.</summary>
internal sealed class NoStorageSession : ICompletableSynchronizedStorageSession
{
    public ValueTask<bool> TryOpen(IOutboxTransaction transaction, ContextBag context, CancellationToken cancellationToken = default) => new(true);

    public Task Open(ContextBag context, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task CompleteAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Makes the storage session of the message being handled reachable from its scope.</summary>
internal sealed class StorageSessionAccessor
{
    public ISynchronizedStorageSession? Session { get; set; }

    public ISynchronizedStorageSession Current =>
        Session ?? throw new InvalidOperationException("There is no storage session outside of message handling.");
}
