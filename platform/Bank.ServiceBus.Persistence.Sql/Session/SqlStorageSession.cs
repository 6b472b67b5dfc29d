using System.Data.Common;
using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Outbox;

namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>A session with a transaction of its own, or within that of the outbox.</summary>
internal sealed class SqlStorageSession(SqlConnections connections) : ICompletableSynchronizedStorageSession, ISqlStorageSession
{
    private readonly List<Func<ISqlStorageSession, CancellationToken, Task>> callbacks = [];
    private SqlTransaction? transaction;
    private bool own;

    public DbConnection Connection => Opened.Connection;

    public DbTransaction Transaction => Opened.Transaction;

    public void OnSaveChanges(Func<ISqlStorageSession, CancellationToken, Task> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        callbacks.Add(callback);
    }

    public ValueTask<bool> TryOpen(IOutboxTransaction transaction, ContextBag context, CancellationToken cancellationToken = default)
    {
        this.transaction = transaction as SqlTransaction;
        return new ValueTask<bool>(this.transaction is not null);
    }

    public async Task Open(ContextBag context, CancellationToken cancellationToken = default)
    {
        transaction = await connections.Begin(cancellationToken);
        own = true;
    }

    public async Task CompleteAsync(CancellationToken cancellationToken = default)
    {
        foreach (var callback in callbacks) await callback(this, cancellationToken);
        if (own) await Opened.Commit(cancellationToken);
    }

    public ValueTask DisposeAsync() => own && transaction is not null ? transaction.DisposeAsync() : ValueTask.CompletedTask;

    private SqlTransaction Opened => transaction ?? throw new InvalidOperationException("The storage session is not open.");
}
