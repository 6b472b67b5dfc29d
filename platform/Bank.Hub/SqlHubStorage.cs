using System.Data.Common;
using System.Globalization;
using static Bank.Hub.HubSql;

namespace Bank.Hub;

/// <summary>Lease and checkpoint in one row of a table, in the same database as the store. Time is the database's, so that clocks of instances do not matter.</summary>
public sealed class SqlHubStorage : IHubStorage
{
    private const string Table = "hub_publisher";

    private readonly Func<CancellationToken, ValueTask<DbConnection>> open;
    private readonly HubDialect dialect;

    private SqlHubStorage(Func<CancellationToken, ValueTask<DbConnection>> open, HubDialect dialect)
    {
        this.open = open;
        this.dialect = dialect;
    }

    /// <summary>A storage in PostgreSQL.</summary>
    /// <param name="open">Opens a connection.</param>
    public static SqlHubStorage OnPostgreSql(Func<CancellationToken, ValueTask<DbConnection>> open) => new(open, HubDialect.PostgreSql);

    /// <summary>A storage in SQLite.</summary>
    /// <param name="open">Opens a connection.</param>
    public static SqlHubStorage OnSqlite(Func<CancellationToken, ValueTask<DbConnection>> open) => new(open, HubDialect.Sqlite);

    /// <summary>A storage in SQL Server.</summary>
    /// <param name="open">Opens a connection.</param>
    public static SqlHubStorage OnSqlServer(Func<CancellationToken, ValueTask<DbConnection>> open) => new(open, HubDialect.SqlServer);

    /// <inheritdoc />
    public async Task Prepare(string name, CancellationToken cancellationToken = default)
    {
        await using var connection = await open(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (dialect.OneAtATime is { } wait) await Execute(transaction, wait, cancellationToken);
        await Execute(transaction, CreateTable(dialect), cancellationToken);
        await Execute(transaction, InsertPublisher(dialect), cancellationToken, ("name", name));
        await transaction.CommitAsync(cancellationToken);
    }

    /// <inheritdoc />
    public async Task<Lease?> TryAcquire(string name, string owner, TimeSpan duration, CancellationToken cancellationToken = default)
    {
        await using var connection = await open(cancellationToken);
        await using var command = Command(
            connection,
            Acquire(dialect),
            ("name", name), ("owner", owner), ("duration", (long)duration.TotalMilliseconds));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new Lease(reader.GetInt64(0), reader.GetInt64(1)) : null;
    }

    /// <inheritdoc />
    public async Task<bool> Save(string name, Lease lease, long position, TimeSpan duration, CancellationToken cancellationToken = default)
    {
        await using var connection = await open(cancellationToken);
        return await Execute(
            connection,
            $"UPDATE hub_publisher SET position = @position, expires_ms = {dialect.Now} + @duration WHERE name = @name AND token = @token AND position <= @position",
            cancellationToken, ("name", name), ("position", position), ("token", lease.Token), ("duration", (long)duration.TotalMilliseconds)) == 1;
    }

    /// <inheritdoc />
    public async Task Release(string name, Lease lease, CancellationToken cancellationToken = default)
    {
        await using var connection = await open(cancellationToken);
        await Execute(
            connection, "UPDATE hub_publisher SET expires_ms = 0 WHERE name = @name AND token = @token", cancellationToken, ("name", name), ("token", lease.Token));
    }

    /// <summary>Reads the checkpoint from outside.</summary>
    /// <returns>The last position published; -1 for none.</returns>
    public async Task<long> ReadPosition(string name, CancellationToken cancellationToken = default)
    {
        await using var connection = await open(cancellationToken);
        await using var command = Command(connection, "SELECT position FROM hub_publisher WHERE name = @name", ("name", name));
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken) ?? -1L, CultureInfo.InvariantCulture);
    }

    internal static string CreateTable(HubDialect dialect) => dialect.Create(
        Table,
        $"name {dialect.Text(100)} NOT NULL PRIMARY KEY, owner {dialect.Text(200)} NOT NULL, token BIGINT NOT NULL, expires_ms BIGINT NOT NULL, position BIGINT NOT NULL");

    internal static string InsertPublisher(HubDialect dialect) =>
        dialect.InsertMissing(Table, "name = @name", "name, owner, token, expires_ms, position", "@name, '', 0, 0, -1");

    internal static string Acquire(HubDialect dialect) => dialect.UpdateReturning(
        Table, $"owner = @owner, token = token + 1, expires_ms = {dialect.Now} + @duration", $"name = @name AND (expires_ms <= {dialect.Now} OR owner = @owner)",
        ["token", "position"]);
}
