using Bank.StreamStore.Streams;
using Npgsql;

namespace Bank.StreamStore.Sql;

/// <summary>Reads pages, in one round trip each.</summary>
internal sealed class PostgresReads(string schema)
{
    // Not a function, whose result the server would write down before it sends it.
    private readonly string allForwards = All(schema, ">=", "", "m.json_data");
    private readonly string allForwardsWithoutData = All(schema, ">=", "", "NULL::jsonb");
    private readonly string allBackwards = All(schema, "<=", "DESC", "m.json_data");
    private readonly string allBackwardsWithoutData = All(schema, "<=", "DESC", "NULL::jsonb");
    private readonly string readStream = $"SELECT * FROM {schema}.read_stream_1($1, $2, $3, $4, $5)";

    /// <param name="connection">Open.</param>
    /// <param name="from">The first position, in the direction of reading.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="forwards">The direction.</param>
    /// <param name="fetch">Fetches the data of the message at a position; null to have it read now.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<List<StreamMessage>> All(
        NpgsqlConnection connection, long from, int count, bool forwards, Func<long, CancellationToken, Task<string?>>? fetch, CancellationToken cancellationToken)
    {
        var text = fetch is null ? forwards ? allForwards : allBackwards : forwards ? allForwardsWithoutData : allBackwardsWithoutData;
        await using var command = new NpgsqlCommand(text, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = from });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = count });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var messages = new List<StreamMessage>(Math.Min(count, 1024));
        // Rows of one read often belong to few streams and have few types: one text each will do.
        var texts = new Texts();
        var isSorted = true;
        while (await reader.ReadAsync(cancellationToken))
        {
            var message = Message(reader, texts.Of(reader.GetString(0)), column: 1, texts, fetch);
            isSorted = isSorted && (messages.Count == 0 || messages[^1].Position < message.Position == forwards);
            messages.Add(message);
        }

        if (!isSorted) messages.Sort((one, other) => forwards ? one.Position.CompareTo(other.Position) : other.Position.CompareTo(one.Position));
        return messages;
    }

    /// <returns>Head version, head position and messages; null when the stream is missing.</returns>
    public async Task<(int Version, long Position, List<StreamMessage> Rows)?> Stream(
        NpgsqlConnection connection, string stream, int from, int count, bool forwards, Func<long, CancellationToken, Task<string?>>? fetch,
        CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(readStream, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = StreamKey.Of(stream), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Char });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = from });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = count });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = forwards });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = fetch is null });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        var (version, position) = (reader.GetInt32(8), reader.GetInt64(9));
        var messages = new List<StreamMessage>();
        if (await reader.IsDBNullAsync(0, cancellationToken)) return (version, position, messages);
        var texts = new Texts();
        do messages.Add(Message(reader, stream, column: 0, texts, fetch));
        while (await reader.ReadAsync(cancellationToken));
        return (version, position, messages);
    }

    // Almost every plan for the join keeps the order of the page. To ask for it would have the server sort whole rows once more, so the rare other plan is mended here.
    private static string All(string schema, string comparison, string direction, string data) => $"""
        SELECT s.id_original, m.stream_version, m.position, m.message_id, m.created_utc, m.type, m.json_metadata, {data}, s.max_age
        FROM (SELECT * FROM {schema}.messages f WHERE f.position {comparison} $1 ORDER BY f.position {direction} LIMIT $2) m
        JOIN {schema}.streams s ON s.id_internal = m.stream_id_internal
        """;

    private static StreamMessage Message(
        NpgsqlDataReader reader, string stream, int column, Texts texts, Func<long, CancellationToken, Task<string?>>? fetch)
    {
        var version = reader.GetInt32(column);
        var position = reader.GetInt64(column + 1);
        var id = reader.GetGuid(column + 2);
        var created = DateTime.SpecifyKind(reader.GetDateTime(column + 3), DateTimeKind.Utc);
        var type = texts.Of(reader.GetString(column + 4));
        var metadata = reader.IsDBNull(column + 5) ? "" : reader.GetString(column + 5);
        object? data = fetch is null ? reader.GetFieldValue<byte[]>(column + 6) : (Func<CancellationToken, Task<string?>>)(token => fetch(position, token));
        var maxAge = reader.IsDBNull(column + 7) ? (int?)null : reader.GetInt32(column + 7);
        return new StreamMessage(stream, id, version, position, created, type, metadata, data, maxAge);
    }

    /// <summary>Keeps the texts that repeat from row to row.</summary>
    private sealed class Texts
    {
        private readonly Dictionary<string, string> known = new(StringComparer.Ordinal);

        public string Of(string text) => known.TryAdd(text, text) ? text : known[text];
    }
}
