using System.Data.Common;
using Bank.ServiceBus.Outbox;

namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>A connection and its transaction; rolls back unless committed.</summary>
internal sealed class SqlTransaction(DbConnection connection, DbTransaction transaction) : IOutboxTransaction
{
    public DbConnection Connection { get; } = connection;

    public DbTransaction Transaction { get; } = transaction;

    public Task Commit(CancellationToken cancellationToken = default) => Transaction.CommitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
