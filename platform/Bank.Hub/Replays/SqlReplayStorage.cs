using System.Data.Common;
using System.Text.Json;
using static Bank.Hub.HubSql;

namespace Bank.Hub.Replays;

/// <summary>Replays in a table in the same database as the store.</summary>
public sealed class SqlReplayStorage : IReplayStorage
{
    private const string Table = "hub_replay";
    private const string Columns = "SELECT request, up_to, position, events, stage FROM hub_replay";

    private readonly Func<CancellationToken, ValueTask<DbConnection>> open;
    private readonly HubDialect dialect;

    private SqlReplayStorage(Func<CancellationToken, ValueTask<DbConnection>> open, HubDialect dialect)
    {
        this.open = open;
        this.dialect = dialect;
    }

    /// <summary>A storage in PostgreSQL.</summary>
    /// <param name="open">Opens a connection.</param>
    public static SqlReplayStorage OnPostgreSql(Func<CancellationToken, ValueTask<DbConnection>> open) => new(open, HubDialect.PostgreSql);

    /// <summary>A storage in SQLite.</summary>
    /// <param name="open">Opens a connection.</param>
    public static SqlReplayStorage OnSqlite(Func<CancellationToken, ValueTask<DbConnection>> open) => new(open, HubDialect.Sqlite);

    /// <summary>A storage in SQL Server.</summary>
    /// <param name="open">Opens a connection.</param>
    public static SqlReplayStorage OnSqlServer(Func<CancellationToken, ValueTask<DbConnection>> open) => new(open, HubDialect.SqlServer);

    /// <inheritdoc />
    public async Task Prepare(CancellationToken cancellationToken = default)
    {
        await using var connection = await open(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (dialect.OneAtATime is { } wait) await Execute(transaction, wait, cancellationToken);
        await Execute(transaction, CreateTable(dialect), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <inheritdoc />
    public async Task<Replay> Add(Replay replay, CancellationToken cancellationToken = default)
    {
        await using (var connection = await open(cancellationToken))
        {
            await Execute(
                connection,
                Insert(dialect),
                cancellationToken,
                ("id", replay.Request.ReplayId.ToString()), ("request", JsonSerializer.Serialize(replay.Request)),
                ("requested", (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond),
                ("upto", replay.UpTo), ("position", replay.Position), ("events", replay.Events), ("stage", (int)replay.Stage));
        }

        return (await Find(replay.Request.ReplayId, cancellationToken))!;
    }

    /// <inheritdoc />
    public async Task<Replay?> Find(Guid replayId, CancellationToken cancellationToken = default)
    {
        await using var connection = await open(cancellationToken);
        await using var command = Command(connection, $"{Columns} WHERE replay_id = @id", ("id", replayId.ToString()));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new Replay(
                JsonSerializer.Deserialize<ReplayRequest>(reader.GetString(0))!, reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), (ReplayStage)reader.GetInt32(4))
            : null;
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<Guid>> Unfinished(CancellationToken cancellationToken = default)
    {
        await using var connection = await open(cancellationToken);
        await using var command = Command(
            connection, "SELECT replay_id FROM hub_replay WHERE stage < @completed ORDER BY requested_us, replay_id", ("completed", (int)ReplayStage.Completed));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken)) ids.Add(Guid.Parse(reader.GetString(0)));
        return ids;
    }

    /// <inheritdoc />
    public async Task Save(Replay replay, CancellationToken cancellationToken = default)
    {
        await using var connection = await open(cancellationToken);
        await Execute(
            connection,
            "UPDATE hub_replay SET position = @position, events = @events, stage = @stage WHERE replay_id = @id AND position <= @position AND stage <= @stage",
            cancellationToken,
            ("id", replay.Request.ReplayId.ToString()), ("position", replay.Position), ("events", replay.Events), ("stage", (int)replay.Stage));
    }

    internal static string CreateTable(HubDialect dialect) => dialect.Create(
        Table,
        $"""
        replay_id {dialect.Text(36)} NOT NULL PRIMARY KEY, request {dialect.Text(null)} NOT NULL, requested_us BIGINT NOT NULL, up_to BIGINT NOT NULL, position BIGINT NOT NULL,
        events BIGINT NOT NULL, stage INTEGER NOT NULL
        """);

    internal static string Insert(HubDialect dialect) => dialect.InsertMissing(
        Table, "replay_id = @id", "replay_id, request, requested_us, up_to, position, events, stage", "@id, @request, @requested, @upto, @position, @events, @stage");
}
