using System.Data.Common;
using Bank.ServiceBus.Outbox;

namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>A connection and its transaction, begun when somebody first uses it; rolls back unless committed.</summary>
internal sealed class SqlTransaction(DbConnection connection, DialectSql dialect) : IOutboxTransaction
{
    private DbTransaction? transaction;
    private bool closed;

    /// <summary>The connection, in the transaction.</summary>
    public DbConnection Connection
    {
        get
        {
            _ = Transaction;
            return connection;
        }
    }

    public DbTransaction Transaction => transaction ??= dialect.Begin(connection);

    /// <summary>Whether anybody has asked for the transaction, and may have changed something in it.</summary>
    public bool IsUsed => transaction is not null;

    /// <summary>What to do at the commit of a transaction that nobody used.</summary>
    public Func<CancellationToken, Task>? CommitInstead { get; set; }

    public async Task Commit(CancellationToken cancellationToken = default)
    {
        if (transaction is not null)
        {
            await transaction.CommitAsync(cancellationToken);
            return;
        }

        if (CommitInstead is null) return;
        // First gives the connection back: what waits for another one while it holds one may wait for ever.
        await Close();
        await CommitInstead(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (transaction is not null) await transaction.DisposeAsync();
        await Close();
    }

    private async ValueTask Close()
    {
        if (closed) return;
        closed = true;
        await connection.DisposeAsync();
    }
}
