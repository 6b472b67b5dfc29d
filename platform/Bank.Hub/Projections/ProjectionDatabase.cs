using System.Data.Common;
using static Bank.Hub.HubSql;

namespace Bank.Hub.Projections;

/// <summary>Where the tables of projections are.</summary>
public sealed class ProjectionDatabase
{
    private readonly Func<CancellationToken, ValueTask<DbConnection>> open;

    private ProjectionDatabase(Func<CancellationToken, ValueTask<DbConnection>> open, IProjectionDialect dialect)
    {
        this.open = open;
        Dialect = dialect;
    }

    internal IProjectionDialect Dialect { get; }

    /// <summary>Tables in PostgreSQL.</summary>
    /// <param name="open">Opens a connection.</param>
    public static ProjectionDatabase OnPostgreSql(Func<CancellationToken, ValueTask<DbConnection>> open) => new(open, new PostgreSqlProjections());

    /// <summary>Tables in SQLite.</summary>
    /// <param name="open">Opens a connection.</param>
    public static ProjectionDatabase OnSqlite(Func<CancellationToken, ValueTask<DbConnection>> open) => new(open, new SqliteProjections());

    /// <summary>Tables in SQL Server.</summary>
    /// <param name="open">Opens a connection.</param>
    public static ProjectionDatabase OnSqlServer(Func<CancellationToken, ValueTask<DbConnection>> open) => new(open, new SqlServerProjections());

    /// <summary>Begins to read: whatever is read until the transaction ends is of one moment, before or after a rebuild was swapped in.</summary>
    /// <returns>A transaction; dispose it and then its connection.</returns>
    public async Task<DbTransaction> BeginSnapshot(CancellationToken cancellationToken = default)
    {
        var connection = await open(cancellationToken);
        try
        {
            return await Dialect.BeginSnapshot(connection, cancellationToken);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    internal ValueTask<DbConnection> Open(CancellationToken cancellationToken) => open(cancellationToken);

    /// <summary>Does something in one transaction that holds a gate.</summary>
    internal async Task<T> Within<T>(string? gate, Func<DbTransaction, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await open(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (gate is not null) await Execute(transaction, gate, cancellationToken);
        var result = await work(transaction);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }
}
