using System.Data.Common;
using System.Globalization;
using static Bank.Hub.HubSql;

namespace Bank.Hub.Projections;

/// <summary>The tables that say which generations there are and what fills them. Everything within the caller's transaction.</summary>
internal static class ProjectionRegistry
{
    private const string GenerationColumns = "SELECT projection, generation, version, state, fill_id, shape, filled_us FROM projection_generation";
    private const string ReplayColumns = "SELECT replay_id, endpoint, event_types, up_to, covered, events, asked_us, fill_id FROM projection_replay";

    public static async Task CreateTables(DbTransaction transaction, IProjectionDialect dialect, CancellationToken cancellationToken)
    {
        foreach (var (table, columns) in Tables(dialect)) await Execute(transaction, dialect.CreateMissing(table, columns), cancellationToken);
    }

    public static async Task<List<Generation>> Generations(DbTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = In(transaction, $"{GenerationColumns} ORDER BY projection, generation");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var generations = new List<Generation>();
        while (await reader.ReadAsync(cancellationToken))
        {
            generations.Add(new Generation(
                reader.GetString(0), reader.GetInt32(1), reader.GetInt32(2), (GenerationState)reader.GetInt32(3), reader.GetString(4), reader.GetString(5), Instant(reader, 6)));
        }

        return generations;
    }

    public static Task Add(DbTransaction transaction, Generation generation, CancellationToken cancellationToken) => Execute(
        transaction,
        """
        INSERT INTO projection_generation (projection, generation, version, state, fill_id, shape, filled_us)
        VALUES (@projection, @generation, @version, @state, @fill, @shape, @filled)
        """,
        cancellationToken,
        ("projection", generation.Projection), ("generation", generation.Number), ("version", generation.Version), ("state", (int)generation.State), ("fill", generation.FillId),
        ("shape", generation.Shape), ("filled", Stored(generation.FilledAt)));

    public static Task Change(DbTransaction transaction, Generation generation, CancellationToken cancellationToken) => Execute(
        transaction, "UPDATE projection_generation SET state = @state, fill_id = @fill, filled_us = @filled WHERE projection = @projection AND generation = @generation", cancellationToken,
        ("state", (int)generation.State), ("fill", generation.FillId), ("filled", Stored(generation.FilledAt)), ("projection", generation.Projection), ("generation", generation.Number));

    /// <returns>Whether it was there; false when its number is free, or another's by now.</returns>
    public static async Task<bool> RemoveRetired(DbTransaction transaction, Generation generation, CancellationToken cancellationToken)
    {
        var removed = await Execute(
            transaction, "DELETE FROM projection_generation WHERE projection = @projection AND generation = @generation AND fill_id = @fill AND state = @retired", cancellationToken,
            ("projection", generation.Projection), ("generation", generation.Number), ("fill", generation.FillId), ("retired", (int)GenerationState.Retired));
        if (removed == 0) return false;
        await Execute(
            transaction, "DELETE FROM projection_subject WHERE projection = @projection AND generation = @generation", cancellationToken,
            ("projection", generation.Projection), ("generation", generation.Number));
        return true;
    }

    public static async Task Add(DbTransaction transaction, Fill fill, CancellationToken cancellationToken)
    {
        await Execute(
            transaction, "INSERT INTO projection_fill (fill_id, state, projections, started_us) VALUES (@fill, @state, @projections, @started)", cancellationToken,
            ("fill", fill.Id), ("state", (int)fill.State), ("projections", string.Join(',', fill.Projections)), ("started", Stored(fill.StartedAt)));
        foreach (var replay in fill.Replays)
        {
            await Execute(
                transaction, "INSERT INTO projection_replay (replay_id, fill_id, endpoint, event_types, covered, events) VALUES (@replay, @fill, @endpoint, @types, '', 0)", cancellationToken,
                ("replay", replay.Id.ToString()), ("fill", fill.Id), ("endpoint", replay.Endpoint), ("types", string.Join(',', replay.EventTypes)));
        }
    }

    /// <summary>The fills that there are, oldest first.</summary>
    public static async Task<List<Fill>> Fills(DbTransaction transaction, CancellationToken cancellationToken)
    {
        var replays = await Replays(transaction, ReplayColumns + " ORDER BY endpoint", cancellationToken);
        await using var command = In(transaction, "SELECT fill_id, state, started_us, ended_us, error, projections FROM projection_fill ORDER BY started_us, fill_id");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var fills = new List<Fill>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = reader.GetString(0);
            fills.Add(new Fill(
                id, (FillState)reader.GetInt32(1), reader.GetString(5).Split(','), Instant(reader, 2)!.Value, Instant(reader, 3), reader.IsDBNull(4) ? null : reader.GetString(4),
                [.. replays.Where(pair => pair.FillId == id).Select(pair => pair.Replay)]));
        }

        return fills;
    }

    public static Task End(DbTransaction transaction, string fillId, FillState state, string? error, DateTimeOffset at, CancellationToken cancellationToken) => Execute(
        transaction, "UPDATE projection_fill SET state = @state, error = @error, ended_us = @ended WHERE fill_id = @fill AND state = 0", cancellationToken,
        ("state", (int)state), ("error", (object?)error ?? DBNull.Value), ("ended", Stored(at)), ("fill", fillId));

    /// <summary>Notes that a replay was refused, and goes on with the fill.</summary>
    public static Task Refuse(DbTransaction transaction, string fillId, string why, CancellationToken cancellationToken) => Execute(
        transaction, "UPDATE projection_fill SET error = @error WHERE fill_id = @fill AND state = 0", cancellationToken, ("error", why), ("fill", fillId));

    /// <summary>Forgets that a replay was refused: it has been accepted, or is asked for at once.</summary>
    public static Task ForgetRefusal(DbTransaction transaction, string fillId, CancellationToken cancellationToken) => Execute(
        transaction, "UPDATE projection_fill SET error = NULL WHERE fill_id = @fill AND state = 0 AND error IS NOT NULL", cancellationToken, ("fill", fillId));

    /// <summary>Lets what a fill still has to ask for be asked for at once.</summary>
    public static Task AskAtOnce(DbTransaction transaction, string fillId, CancellationToken cancellationToken) => Execute(
        transaction, "UPDATE projection_replay SET asked_us = NULL WHERE fill_id = @fill AND up_to IS NULL", cancellationToken, ("fill", fillId));

    /// <returns>The replay, locked, and the fill that it belongs to; null for one that is unknown, or no longer of interest.</returns>
    public static async Task<(FillReplay Replay, string FillId)?> FindReplay(DbTransaction transaction, Guid replayId, IProjectionDialect dialect, CancellationToken cancellationToken)
    {
        var found = await Replays(
            transaction, $"{ReplayColumns}{dialect.LockHint} WHERE replay_id = @replay AND fill_id IN (SELECT fill_id FROM projection_fill WHERE state = 0){dialect.ForUpdate}", cancellationToken,
            ("replay", replayId.ToString()));
        return found.Count == 0 ? null : found[0];
    }

    public static Task Save(DbTransaction transaction, FillReplay replay, CancellationToken cancellationToken) => Execute(
        transaction, "UPDATE projection_replay SET up_to = @upto, covered = @covered, events = @events, asked_us = @asked WHERE replay_id = @replay", cancellationToken,
        ("upto", (object?)replay.UpTo ?? DBNull.Value), ("covered", replay.Covered.ToString()), ("events", replay.Events), ("asked", Stored(replay.AskedAt)),
        ("replay", replay.Id.ToString()));

    /// <summary>Forgets fills that ended and whose tables are gone.</summary>
    public static async Task Forget(DbTransaction transaction, CancellationToken cancellationToken)
    {
        const string unused = "state <> 0 AND fill_id NOT IN (SELECT fill_id FROM projection_generation)";
        await Execute(transaction, $"DELETE FROM projection_replay WHERE fill_id IN (SELECT fill_id FROM projection_fill WHERE {unused})", cancellationToken);
        await Execute(transaction, $"DELETE FROM projection_fill WHERE {unused}", cancellationToken);
    }

    private static async Task<List<(FillReplay Replay, string FillId)>> Replays(
        DbTransaction transaction, string sql, CancellationToken cancellationToken, params (string, object)[] parameters)
    {
        await using var command = In(transaction, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var replays = new List<(FillReplay, string)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            replays.Add((
                new FillReplay(
                    Guid.Parse(reader.GetString(0)), reader.GetString(1), reader.GetString(2).Split(','), reader.IsDBNull(3) ? null : reader.GetInt64(3),
                    Ranges.Parse(reader.GetString(4)), reader.GetInt64(5), Instant(reader, 6)),
                reader.GetString(7)));
        }

        return replays;
    }

    internal static IEnumerable<(string Table, string Columns)> Tables(IProjectionDialect dialect) =>
    [
        ("projection_gate", "unused INTEGER"),
        ("projection_fill", $"""
            fill_id {dialect.Text(36)} NOT NULL PRIMARY KEY, state INTEGER NOT NULL, projections {dialect.LongText} NOT NULL, started_us BIGINT NOT NULL, ended_us BIGINT, error {dialect.LongText}
            """),
        ("projection_generation", $"""
            projection {dialect.Text(60)} NOT NULL, generation INTEGER NOT NULL, version INTEGER NOT NULL, state INTEGER NOT NULL, fill_id {dialect.Text(36)} NOT NULL,
            shape {dialect.LongText} NOT NULL, filled_us BIGINT, PRIMARY KEY (projection, generation)
            """),
        ("projection_replay", $"""
            replay_id {dialect.Text(36)} NOT NULL PRIMARY KEY, fill_id {dialect.Text(36)} NOT NULL, endpoint {dialect.Text(200)} NOT NULL, event_types {dialect.LongText} NOT NULL, up_to BIGINT,
            covered {dialect.LongText} NOT NULL, events BIGINT NOT NULL, asked_us BIGINT
            """),
        ("projection_subject", $"""
            projection {dialect.Text(60)} NOT NULL, generation INTEGER NOT NULL, subject {dialect.Text(200)} NOT NULL, seen {dialect.LongText} NOT NULL, missing BIGINT NOT NULL,
            PRIMARY KEY (projection, generation, subject)
            """),
    ];

    internal static DbCommand In(DbTransaction transaction, string sql, params (string, object)[] parameters)
    {
        var command = Command(transaction.Connection!, sql, parameters);
        command.Transaction = transaction;
        return command;
    }

    internal static async Task<long> Number(DbTransaction transaction, string sql, CancellationToken cancellationToken, params (string, object)[] parameters)
    {
        await using var command = In(transaction, sql, parameters);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }

    private static object Stored(DateTimeOffset? instant) =>
        instant is { } known ? (known.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond : DBNull.Value;

    private static DateTimeOffset? Instant(DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : DateTimeOffset.UnixEpoch.AddTicks(reader.GetInt64(column) * TimeSpan.TicksPerMicrosecond);
}
