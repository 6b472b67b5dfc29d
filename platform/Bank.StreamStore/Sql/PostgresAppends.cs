using Bank.StreamStore.Streams;
using Npgsql;
using NpgsqlTypes;

namespace Bank.StreamStore.Sql;

/// <summary>Appends groups over one connection, which nobody else has: one function call is one round trip, one transaction and one flush. Not for use by several at once.</summary>
internal sealed class PostgresAppends(NpgsqlConnection connection, string schema, PostgresExpectations expectations) : IAsyncDisposable
{
    private readonly string oneText = $"SELECT _version, _position, _max_count FROM {schema}.append_one_2($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    private readonly string groupText =
        $"SELECT _versions, _positions, _max_counts FROM {schema}.append_group_2($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";

    private const string Planning =
        "SET plan_cache_mode TO force_generic_plan; SET jit TO off; SET enable_seqscan TO off; SET enable_hashjoin TO off; SET enable_mergejoin TO off";

    // Kept from group to group, so that a busy store does not make garbage of its lists.
    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);
    private readonly List<string> keys = [];
    private readonly List<string> names = [];
    private readonly List<string> metadataKeys = [];
    private readonly List<int> streams = [];
    private readonly List<int> expected = [];
    private readonly List<int> counts = [];
    private readonly List<int> appends = [];
    private readonly List<int> ordinals = [];
    private readonly List<Guid> ids = [];
    private readonly List<string> types = [];
    private readonly List<string> data = [];
    private readonly List<string?> metadata = [];

    private readonly PostgresExpectedAppends usual = new(connection, schema, expectations);

    /// <summary>Makes a connection one for appends: its plans are made once and must be those that suit a large table, however small it is at that time.</summary>
    public static async Task<PostgresAppends> Over(NpgsqlConnection connection, string schema, PostgresExpectations expectations)
    {
        try
        {
            await using var command = new NpgsqlCommand(Planning, connection);
            await command.ExecuteNonQueryAsync();
            return new PostgresAppends(connection, schema, expectations);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <returns>The outcomes in the order of the group; null for a wrong expected version.</returns>
    public async Task<AppendOutcome?[]> Write(IReadOnlyList<PendingAppend> group, DateTime now)
    {
        if (await usual.TryWrite(group, now) is { } written) return written;
        using var turn = expectations.Turns.Begin(null, isAhead: false);
        var outcomes = await Look(group, now);
        turn.Written(null);
        return outcomes;
    }

    /// <summary>Writes a group beside the group before it, whose end is foretold, and commits it after that one.</summary>
    /// <returns>The outcomes in the order of the group; null when nothing was written.</returns>
    public Task<AppendOutcome?[]?> TryWriteAhead(IReadOnlyList<PendingAppend> group, DateTime now) => usual.TryWriteAhead(group, now);

    private async Task<AppendOutcome?[]> Look(IReadOnlyList<PendingAppend> group, DateTime now)
    {
        var isOne = group is [{ Messages.Length: 1 }];
        await using var command = isOne ? One(group[0], now) : Group(group, now);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        if (isOne) return [Outcome(reader)];
        var outcomes = Outcomes(reader, group.Count);
        usual.Learn(group, outcomes);
        return outcomes;
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private void Clear()
    {
        numbers.Clear();
        keys.Clear();
        names.Clear();
        metadataKeys.Clear();
        streams.Clear();
        expected.Clear();
        counts.Clear();
        appends.Clear();
        ordinals.Clear();
        ids.Clear();
        types.Clear();
        data.Clear();
        metadata.Clear();
    }

    private void Add(PendingAppend append, int number)
    {
        var name = append.Stream.Value;
        if (!numbers.TryGetValue(name, out var stream))
        {
            keys.Add(append.Key);
            names.Add(name);
            metadataKeys.Add(StreamKey.OfMetadata(name));
            numbers.Add(name, stream = keys.Count);
        }

        streams.Add(stream);
        expected.Add(append.Expected);
        counts.Add(append.Messages.Length);
        for (var ordinal = 0; ordinal < append.Messages.Length; ordinal++)
        {
            var message = append.Messages[ordinal];
            appends.Add(number);
            ordinals.Add(ordinal);
            ids.Add(message.MessageId);
            types.Add(message.Type);
            data.Add(message.JsonData);
            metadata.Add(message.JsonMetadata.Length == 0 ? null : message.JsonMetadata);
        }
    }

    private NpgsqlCommand One(PendingAppend append, DateTime now)
    {
        var command = new NpgsqlCommand(oneText, connection);
        var message = append.Messages[0];
        Add(command, append.Key, NpgsqlDbType.Char);
        Add(command, append.Stream.Value, NpgsqlDbType.Varchar);
        Add(command, StreamKey.OfMetadata(append.Stream.Value), NpgsqlDbType.Char);
        Add(command, append.Expected, NpgsqlDbType.Integer);
        Add(command, message.MessageId, NpgsqlDbType.Uuid);
        Add(command, message.Type, NpgsqlDbType.Varchar);
        Add(command, message.JsonData, NpgsqlDbType.Jsonb);
        command.Parameters.Add(new NpgsqlParameter { Value = message.JsonMetadata.Length > 0 ? message.JsonMetadata : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb });
        Add(command, DateTime.SpecifyKind(now, DateTimeKind.Unspecified), NpgsqlDbType.Timestamp);
        return command;
    }

    private NpgsqlCommand Group(IReadOnlyList<PendingAppend> group, DateTime now)
    {
        Clear();
        for (var number = 1; number <= group.Count; number++) Add(group[number - 1], number);
        var command = new NpgsqlCommand(groupText, connection);
        Add(command, keys, NpgsqlDbType.Array | NpgsqlDbType.Char);
        Add(command, names, NpgsqlDbType.Array | NpgsqlDbType.Varchar);
        Add(command, metadataKeys, NpgsqlDbType.Array | NpgsqlDbType.Char);
        Add(command, streams, NpgsqlDbType.Array | NpgsqlDbType.Integer);
        Add(command, expected, NpgsqlDbType.Array | NpgsqlDbType.Integer);
        Add(command, counts, NpgsqlDbType.Array | NpgsqlDbType.Integer);
        Add(command, appends, NpgsqlDbType.Array | NpgsqlDbType.Integer);
        Add(command, ordinals, NpgsqlDbType.Array | NpgsqlDbType.Integer);
        Add(command, ids, NpgsqlDbType.Array | NpgsqlDbType.Uuid);
        Add(command, types, NpgsqlDbType.Array | NpgsqlDbType.Varchar);
        Add(command, data, NpgsqlDbType.Array | NpgsqlDbType.Jsonb);
        Add(command, metadata, NpgsqlDbType.Array | NpgsqlDbType.Jsonb);
        Add(command, DateTime.SpecifyKind(now, DateTimeKind.Unspecified), NpgsqlDbType.Timestamp);
        return command;
    }

    private static void Add<T>(NpgsqlCommand command, T value, NpgsqlDbType type) =>
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value, NpgsqlDbType = type });

    private static AppendOutcome? Outcome(NpgsqlDataReader reader) => reader.IsDBNull(0)
        ? null
        : new AppendOutcome(new AppendResult(reader.GetInt32(0), reader.GetInt64(1)), reader.IsDBNull(2) ? null : reader.GetInt32(2));

    private static AppendOutcome?[] Outcomes(NpgsqlDataReader reader, int count)
    {
        var versions = reader.GetFieldValue<int?[]>(0);
        var positions = reader.GetFieldValue<long?[]>(1);
        var maxCounts = reader.GetFieldValue<int?[]>(2);
        var outcomes = new AppendOutcome?[count];
        for (var index = 0; index < count; index++)
        {
            if (versions[index] is { } version) outcomes[index] = new AppendOutcome(new AppendResult(version, positions[index]!.Value), maxCounts[index]);
        }

        return outcomes;
    }
}
