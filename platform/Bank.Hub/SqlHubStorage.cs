using System.Data.Common;
using System.Globalization;
using static Bank.Hub.HubSql;

namespace Bank.Hub;

/// <summary>Lease and checkpoint in one row of a table, in the same database as the store. Time is the database's, so that clocks of instances do not matter.</summary>
public sealed class SqlHubStorage : IHubStorage
{
    private const string PostgresNow = "(extract(epoch from clock_timestamp()) * 1000)::bigint";
    private const string SqliteNow = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)";

    private readonly Func<CancellationToken, ValueTask<DbConnection>> open;
    private readonly string now;

    private SqlHubStorage(Func<CancellationToken, ValueTask<DbConnection>> open, string now)
    {
        this.open = open;
        this.now = now;
    }

    /// <summary>A storage in PostgreSQL.</summary>
    /// <param name="open">Opens a connection.</param>
    public static SqlHubStorage OnPostgreSql(Func<CancellationToken, ValueTask<DbConnection>> open) => new(open, PostgresNow);

    /// <summary>A storage in SQLite.</summary>
    /// <param name="open">Opens a connection.</param>
    public static SqlHubStorage OnSqlite(Func<CancellationToken, ValueTask<DbConnection>> open) => new(open, SqliteNow);

    /// <inheritdoc />
    public async Task Prepare(string name, CancellationToken cancellationToken = default)
    {
        await using var connection = await open(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (now == PostgresNow) await Execute(connection, "SELECT pg_advisory_xact_lock(7265613)", cancellationToken);
        await Execute(
            connection,
            """
            CREATE TABLE IF NOT EXISTS hub_publisher (
                name       VARCHAR(100) NOT NULL PRIMARY KEY,
                owner      VARCHAR(200) NOT NULL,
                token      BIGINT       NOT NULL,
                expires_ms BIGINT       NOT NULL,
                position   BIGINT       NOT NULL
            )
            """,
            cancellationToken);
        await Execute(
            connection, "INSERT INTO hub_publisher (name, owner, token, expires_ms, position) VALUES (@name, '', 0, 0, -1) ON CONFLICT DO NOTHING",
            cancellationToken, ("name", name));
        await transaction.CommitAsync(cancellationToken);
    }

    /// <inheritdoc />
    public async Task<Lease?> TryAcquire(string name, string owner, TimeSpan duration, CancellationToken cancellationToken = default)
    {
        await using var connection = await open(cancellationToken);
        await using var command = Command(
            connection,
            $"""
            UPDATE hub_publisher SET owner = @owner, token = token + 1, expires_ms = {now} + @duration
            WHERE name = @name AND (expires_ms <= {now} OR owner = @owner)
            RETURNING token, position
            """,
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
            $"UPDATE hub_publisher SET position = @position, expires_ms = {now} + @duration WHERE name = @name AND token = @token AND position <= @position",
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
}
