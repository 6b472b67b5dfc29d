using Bank.StreamStore.Streams;
using Npgsql;
using NpgsqlTypes;

namespace Bank.StreamStore.Sql;

/// <summary>
/// Appends in the usual case: every stream is there, without a limit, at the version that its append expects, and in the group once, and no message is known. Then the database need not
/// look before it writes. When something is otherwise, the database refuses the whole, and <see cref="PostgresAppends"/> looks closer.
/// </summary>
/// <remarks>Not for use by several at once. Commands and parameters are kept from call to call.</remarks>
internal sealed class PostgresExpectedAppends
{
    private readonly NpgsqlCommand one;
    private readonly NpgsqlParameter<string> key;
    private readonly NpgsqlParameter<int> expectedVersion;
    private readonly NpgsqlParameter<Guid> id;
    private readonly NpgsqlParameter<string> type;
    private readonly NpgsqlParameter<string> data;
    private readonly NpgsqlParameter<string?> metadata;
    private readonly NpgsqlParameter<DateTime> oneCreated;

    private readonly NpgsqlCommand many;
    private readonly NpgsqlParameter<DateTime> manyCreated;
    private readonly NpgsqlParameter<List<int>?>[] ofSeveral;
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private readonly List<string> keys = [];
    private readonly List<int?> internals = [];
    private readonly List<int> expected = [];
    private readonly List<int> reached = [];
    private readonly List<int> ends = [];
    private readonly List<int> appends = [];
    private readonly List<int> versions = [];
    private readonly List<int>[] several;
    private readonly List<Guid> ids = [];
    private readonly List<string> types = [];
    private readonly List<string> datas = [];
    private readonly List<string?> metadatas = [];

    private readonly PostgresExpectations expectations;
    private readonly NpgsqlParameter<long?> foretold;

    public PostgresExpectedAppends(NpgsqlConnection connection, string schema, PostgresExpectations expectations)
    {
        this.expectations = expectations;
        one = new NpgsqlCommand(One(schema), connection);
        key = Add<string>(one, NpgsqlDbType.Char);
        expectedVersion = Add<int>(one, NpgsqlDbType.Integer);
        id = Add<Guid>(one, NpgsqlDbType.Uuid);
        oneCreated = Add<DateTime>(one, NpgsqlDbType.Timestamp);
        type = Add<string>(one, NpgsqlDbType.Varchar);
        data = Add<string>(one, NpgsqlDbType.Jsonb);
        metadata = Add<string?>(one, NpgsqlDbType.Jsonb);

        many = new NpgsqlCommand($"SELECT _head, _found FROM {schema}.append_expected_4($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)", connection);
        AddList(keys, NpgsqlDbType.Char);
        AddList(internals, NpgsqlDbType.Integer);
        AddList(expected, NpgsqlDbType.Integer);
        several = [reached, ends, appends, versions];
        ofSeveral = [.. several.Select(_ => Add<List<int>?>(many, NpgsqlDbType.Array | NpgsqlDbType.Integer))];
        AddList(ids, NpgsqlDbType.Uuid);
        AddList(types, NpgsqlDbType.Varchar);
        AddList(datas, NpgsqlDbType.Jsonb);
        AddList(metadatas, NpgsqlDbType.Jsonb);
        manyCreated = Add<DateTime>(many, NpgsqlDbType.Timestamp);
        foretold = Add<long?>(many, NpgsqlDbType.Bigint);
    }

    /// <summary>Writes a group that is the only one under way.</summary>
    /// <returns>The outcomes in the order of the group; null when something is not as usual: nothing was written.</returns>
    public async Task<AppendOutcome?[]?> TryWrite(IReadOnlyList<PendingAppend> group, DateTime now) =>
        expectations.AreLikely() && IsUsual(group) ? await TryWrite(group, isAhead: false, now) : null;

    /// <summary>Writes a group beside the one before it, and commits it after that one.</summary>
    /// <returns>The outcomes in the order of the group; null when nothing was written.</returns>
    public async Task<AppendOutcome?[]?> TryWriteAhead(IReadOnlyList<PendingAppend> group, DateTime now) =>
        IsUsual(group) ? await TryWrite(group, isAhead: true, now) : null;

    private async Task<AppendOutcome?[]?> TryWrite(IReadOnlyList<PendingAppend> group, bool isAhead, DateTime now)
    {
        using var turn = expectations.Turns.Begin(Count(group), isAhead);
        if (isAhead && turn.Foretold is null) return null;
        try
        {
            var (outcomes, begin) = isAhead ? await WriteMany(group, turn.Foretold, now)
                : group is [{ Messages.Length: 1 } lone] ? await WriteOne(lone, now)
                : await WriteMany(group, null, now);
            turn.Written(begin);
            return outcomes;
        }
        catch (PostgresException exception) when (isAhead && PostgresExpectations.TurnIsLost(exception))
        {
            return null;
        }
        catch (PostgresException exception) when (PostgresExpectations.Contradicts(exception))
        {
            expectations.SitOut(group);
            return null;
        }
    }

    private static int Count(IReadOnlyList<PendingAppend> group)
    {
        var count = 0;
        foreach (var append in group) count += append.Messages.Length;
        return count;
    }

    /// <summary>Takes note of limits: a group with such a stream is not of the usual case.</summary>
    public void Learn(IReadOnlyList<PendingAppend> group, AppendOutcome?[] outcomes)
    {
        for (var index = 0; index < outcomes.Length; index++)
        {
            if (outcomes[index] is not { } outcome) continue;
            var stream = group[index].Stream.Value;
            if (outcome.MaxCount is not null) expectations.Places.Keep(stream, new PostgresExpectations.Place(null, IsLimited: true));
            else if (expectations.Places.Find(stream) is { IsLimited: true }) expectations.Places.Forget(stream);
        }
    }

    private bool IsUsual(IReadOnlyList<PendingAppend> group)
    {
        names.Clear();
        foreach (var append in group)
        {
            if (append.Expected < 0 || append.Messages.Length == 0 || !names.Add(append.Stream.Value)) return false;
            if (group.Count > 1 && expectations.Places.Find(append.Stream.Value) is { IsLimited: true }) return false;
        }

        return true;
    }

    private async Task<(AppendOutcome?[] Outcomes, long Begin)> WriteOne(PendingAppend append, DateTime now)
    {
        var message = append.Messages[0];
        key.TypedValue = append.Key;
        expectedVersion.TypedValue = append.Expected;
        id.TypedValue = message.MessageId;
        oneCreated.TypedValue = DateTime.SpecifyKind(now, DateTimeKind.Unspecified);
        type.TypedValue = message.Type;
        data.TypedValue = message.JsonData;
        metadata.TypedValue = message.JsonMetadata.Length == 0 ? null : message.JsonMetadata;
        await using var reader = await one.ExecuteReaderAsync();
        await reader.ReadAsync();
        var position = reader.GetInt64(0);
        return ([new AppendOutcome(new AppendResult(append.Expected + 1, position), reader.IsDBNull(1) ? null : reader.GetInt32(1))], position - 1);
    }

    private async Task<(AppendOutcome?[] Outcomes, long Begin)> WriteMany(IReadOnlyList<PendingAppend> group, long? begin, DateTime now)
    {
        foretold.TypedValue = begin;
        Clear();
        foreach (var append in group) Add(append);
        // Where each append has one message these follow from the others.
        var isOneEach = ids.Count == keys.Count;
        for (var index = 0; index < several.Length; index++) ofSeveral[index].TypedValue = isOneEach ? null : several[index];
        manyCreated.TypedValue = DateTime.SpecifyKind(now, DateTimeKind.Unspecified);
        await using var reader = await many.ExecuteReaderAsync();
        await reader.ReadAsync();
        var head = reader.GetInt64(0);
        if (!reader.IsDBNull(1)) Remember(group, reader.GetFieldValue<int[]>(1));
        var outcomes = new AppendOutcome?[group.Count];
        for (var index = 0; index < outcomes.Length; index++) outcomes[index] = new AppendOutcome(new AppendResult(reached[index], head + ends[index]));
        return (outcomes, head);
    }

    private void Remember(IReadOnlyList<PendingAppend> group, int[] found)
    {
        for (var index = 0; index < found.Length; index++)
        {
            if (internals[index] is null) expectations.Places.Keep(group[index].Stream.Value, new PostgresExpectations.Place(found[index], IsLimited: false));
        }
    }

    private void Add(PendingAppend append)
    {
        keys.Add(append.Key);
        internals.Add(expectations.Places.Find(append.Stream.Value)?.Internal);
        expected.Add(append.Expected);
        reached.Add(append.Expected + append.Messages.Length);
        for (var ordinal = 0; ordinal < append.Messages.Length; ordinal++)
        {
            var message = append.Messages[ordinal];
            appends.Add(keys.Count);
            versions.Add(append.Expected + 1 + ordinal);
            ids.Add(message.MessageId);
            types.Add(message.Type);
            datas.Add(message.JsonData);
            metadatas.Add(message.JsonMetadata.Length == 0 ? null : message.JsonMetadata);
        }

        ends.Add(ids.Count);
    }

    private void Clear()
    {
        keys.Clear();
        internals.Clear();
        expected.Clear();
        reached.Clear();
        ends.Clear();
        appends.Clear();
        versions.Clear();
        ids.Clear();
        types.Clear();
        datas.Clear();
        metadatas.Clear();
    }

    private void AddList<T>(List<T> list, NpgsqlDbType element) => Add<List<T>>(many, NpgsqlDbType.Array | element).TypedValue = list;

    private static NpgsqlParameter<T> Add<T>(NpgsqlCommand command, NpgsqlDbType type)
    {
        var parameter = new NpgsqlParameter<T> { NpgsqlDbType = type };
        command.Parameters.Add(parameter);
        return parameter;
    }

    // What append_expected_4 does for a group, as one statement, since for one message the calling of a function costs as much as its work.
    private static string One(string schema) => $"""
        WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock({PostgresTurns.TurnOf(schema)})),
        head AS (
            UPDATE {schema}.all_stream_head
            SET position = CASE WHEN to_regproc('{schema}.append_to_stream') IS NULL THEN position + 1 ELSE {schema}.not_as_expected_1() END
            FROM turn
            RETURNING position),
        changed AS (
            UPDATE {schema}.streams s SET version = s.version + 1, position = head.position FROM head WHERE s.id = $1 AND s.version = $2
            RETURNING s.id_internal, s.version, s.position, s.max_count)
        INSERT INTO {schema}.messages (stream_id_internal, stream_version, position, message_id, created_utc, type, json_data, json_metadata)
        SELECT COALESCE(c.id_internal, {schema}.not_as_expected_1()), c.version, c.position, $3, $4, $5, $6, $7
        FROM (SELECT) one LEFT JOIN changed c ON TRUE
        RETURNING position, (SELECT max_count FROM changed), setval('{schema}.messages_seq', position)
        """;
}
