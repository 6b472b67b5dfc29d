using Bank.StreamStore.Snapshots;
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
    // What is not as expected, once, is often so again soon: a stream under contention, messages that come twice.
    private const int CallsToSitOut = 16;

    private const string NotAsExpected = "BK001";

    private const int MostRemembered = 20_000;

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

    // Where streams are in the table. A hint alone: the database compares the key too.
    private readonly RecentlyUsed<Place> places = new(MostRemembered);
    private int toSitOut;

    public PostgresExpectedAppends(NpgsqlConnection connection, string schema)
    {
        one = new NpgsqlCommand(One(schema), connection);
        key = Add<string>(one, NpgsqlDbType.Char);
        expectedVersion = Add<int>(one, NpgsqlDbType.Integer);
        id = Add<Guid>(one, NpgsqlDbType.Uuid);
        oneCreated = Add<DateTime>(one, NpgsqlDbType.Timestamp);
        type = Add<string>(one, NpgsqlDbType.Varchar);
        data = Add<string>(one, NpgsqlDbType.Jsonb);
        metadata = Add<string?>(one, NpgsqlDbType.Jsonb);

        many = new NpgsqlCommand($"SELECT _head, _found FROM {schema}.append_expected_3($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)", connection);
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
    }

    /// <returns>The outcomes in the order of the group; null when something is not as usual: nothing was written.</returns>
    public async Task<AppendOutcome?[]?> TryWrite(IReadOnlyList<PendingAppend> group, DateTime now)
    {
        if (toSitOut > 0)
        {
            toSitOut--;
            return null;
        }

        if (!IsUsual(group)) return null;
        try
        {
            return group is [{ Messages.Length: 1 } lone] ? [await WriteOne(lone, now)] : await WriteMany(group, now);
        }
        catch (PostgresException exception) when (exception.SqlState is NotAsExpected or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.NotNullViolation)
        {
            // A stream that was deleted and made anew is elsewhere.
            foreach (var append in group) places.Forget(append.Stream.Value);
            toSitOut = CallsToSitOut;
            return null;
        }
    }

    /// <summary>Takes note of limits: a group with such a stream is not of the usual case.</summary>
    public void Learn(IReadOnlyList<PendingAppend> group, AppendOutcome?[] outcomes)
    {
        for (var index = 0; index < outcomes.Length; index++)
        {
            if (outcomes[index] is not { } outcome) continue;
            var stream = group[index].Stream.Value;
            if (outcome.MaxCount is not null) places.Keep(stream, new Place(null, IsLimited: true));
            else if (places.Find(stream) is { IsLimited: true }) places.Forget(stream);
        }
    }

    private bool IsUsual(IReadOnlyList<PendingAppend> group)
    {
        names.Clear();
        foreach (var append in group)
        {
            if (append.Expected < 0 || append.Messages.Length == 0 || !names.Add(append.Stream.Value)) return false;
            if (group.Count > 1 && places.Find(append.Stream.Value) is { IsLimited: true }) return false;
        }

        return true;
    }

    private async Task<AppendOutcome> WriteOne(PendingAppend append, DateTime now)
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
        return new AppendOutcome(new AppendResult(append.Expected + 1, reader.GetInt64(0)), reader.IsDBNull(1) ? null : reader.GetInt32(1));
    }

    private async Task<AppendOutcome?[]> WriteMany(IReadOnlyList<PendingAppend> group, DateTime now)
    {
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
        return outcomes;
    }

    private void Remember(IReadOnlyList<PendingAppend> group, int[] found)
    {
        for (var index = 0; index < found.Length; index++)
        {
            if (internals[index] is null) places.Keep(group[index].Stream.Value, new Place(found[index], IsLimited: false));
        }
    }

    private void Add(PendingAppend append)
    {
        keys.Add(append.Key);
        internals.Add(places.Find(append.Stream.Value)?.Internal);
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

    private sealed record Place(int? Internal, bool IsLimited);

    // What append_expected_3 does for a group, as one statement, since for one message the calling of a function costs as much as its work.
    private static string One(string schema) => $"""
        WITH head AS (
            UPDATE {schema}.all_stream_head
            SET position = CASE WHEN to_regproc('{schema}.append_to_stream') IS NULL THEN position + 1 ELSE {schema}.not_as_expected_1() END
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
