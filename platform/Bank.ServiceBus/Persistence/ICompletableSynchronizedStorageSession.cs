using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Outbox;
using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Persistence;

/// <summary>A storage session as the pipeline drives it: opened, completed if all handlers succeeded, disposed in any case.</summary>
public interface ICompletableSynchronizedStorageSession : ISynchronizedStorageSession, IAsyncDisposable
{
    /// <summary>Joins the outbox transaction.</summary>
    /// <returns>False when the transaction is of another kind.</returns>
    ValueTask<bool> TryOpen(IOutboxTransaction transaction, ContextBag context, CancellationToken cancellationToken = default);

    /// <summary>Opens a transaction of its own; used when the outbox is off.</summary>
    Task Open(ContextBag context, CancellationToken cancellationToken = default);

    /// <summary>Runs what was registered to run before the commit, then commits a transaction of its own.</summary>
    Task CompleteAsync(CancellationToken cancellationToken = default);
}
