using Bank.StreamStore.Streams;
using Npgsql;

namespace Bank.StreamStore.Sql;

/// <summary>Reads pages, in one round trip each.</summary>
internal sealed class PostgresReads(string schema)
{
    private readonly string allForwards = All(schema, forwards: true, "m.json_data");
    private readonly string allForwardsWithoutData = All(schema, forwards: true, "NULL::jsonb");
    private readonly string allBackwards = All(schema, forwards: false, "m.json_data");
    private readonly string allBackwardsWithoutData = All(schema, forwards: false, "NULL::jsonb");
    private readonly string readStream = $"SELECT * FROM {schema}.read_stream_2($1, $2, $3, $4, $5)";

    /// <param name="connection">Open.</param>
    /// <param name="from">The first position, in the direction of reading.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="forwards">The direction.</param>
    /// <param name="fetch">Fetches the data of the message at a position; null to have it read now.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<PageRows> All(
        NpgsqlConnection connection, long from, int count, bool forwards, Func<long, CancellationToken, Task<string?>>? fetch, CancellationToken cancellationToken)
    {
        var text = fetch is null ? forwards ? allForwards : allBackwards : forwards ? allForwardsWithoutData : allBackwardsWithoutData;
        await using var command = new NpgsqlCommand(text, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = from });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = count });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new PageRows(Math.Min(count, 1024));
        // Rows of one read often have few types: one text each will do.
        var texts = new Texts();
        await reader.ReadAsync(cancellationToken);
        var streams = Streams(reader, column: 9);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (stream, maxAge) = streams[reader.GetInt32(0)];
            rows.Add(Message(reader, stream, maxAge, column: 1, texts, fetch), Segment(reader, 8));
        }

        return rows;
    }

    /// <returns>Head version, head position and messages; null when the stream is missing.</returns>
    public async Task<(int Version, long Position, PageRows Rows)?> Stream(
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
        var rows = new PageRows();
        if (await reader.IsDBNullAsync(0, cancellationToken)) return (version, position, rows);
        var texts = new Texts();
        do rows.Add(Message(reader, stream, MaxAge(reader, 7), column: 0, texts, fetch), Segment(reader, 10));
        while (await reader.ReadAsync(cancellationToken));
        return (version, position, rows);
    }

    // The first row has the streams of the page, once each, the others the messages. A join would find the stream of each message anew, or read all streams for every page;
    // and the result of a function that returned the messages would be written down by the server before it is sent.
    private static string All(string schema, bool forwards, string data)
    {
        var (comparison, direction, first) = forwards ? (">=", "ASC", -1) : ("<=", "DESC", long.MaxValue);
        return $"""
            SELECT NULL::int, NULL::int, {first}::bigint AS position, NULL::uuid, NULL::timestamp, NULL::varchar, NULL::jsonb, NULL::jsonb, NULL::bigint, s._numbers, s._names, s._max_ages
            FROM {schema}.read_all_streams_1($1, $2, {forwards}) s
            UNION ALL (
                SELECT m.stream_id_internal, m.stream_version, m.position, m.message_id, m.created_utc, m.type, m.json_metadata, {data}, m.archived_in, NULL, NULL, NULL
                FROM {schema}.messages m WHERE m.position {comparison} $1 ORDER BY m.position {direction} LIMIT $2)
            ORDER BY position {direction}
            """;
    }

    /// <summary>Names and limits of age of streams, by their numbers in the table.</summary>
    private static Dictionary<int, (string Name, int? MaxAge)> Streams(NpgsqlDataReader reader, int column)
    {
        var streams = new Dictionary<int, (string, int?)>();
        if (reader.IsDBNull(column)) return streams;
        var numbers = reader.GetFieldValue<int[]>(column);
        var names = reader.GetFieldValue<string[]>(column + 1);
        var maxAges = reader.GetFieldValue<int?[]>(column + 2);
        streams.EnsureCapacity(numbers.Length);
        for (var index = 0; index < numbers.Length; index++) streams.Add(numbers[index], (names[index], maxAges[index]));
        return streams;
    }

    private static int? MaxAge(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt32(column);

    private static long? Segment(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);

    private static StreamMessage Message(
        NpgsqlDataReader reader, string stream, int? maxAge, int column, Texts texts, Func<long, CancellationToken, Task<string?>>? fetch)
    {
        var version = reader.GetInt32(column);
        var position = reader.GetInt64(column + 1);
        var id = reader.GetGuid(column + 2);
        var created = DateTime.SpecifyKind(reader.GetDateTime(column + 3), DateTimeKind.Utc);
        var type = texts.Of(reader.GetString(column + 4));
        var metadata = reader.IsDBNull(column + 5) ? "" : reader.GetString(column + 5);
        object? data = fetch is null ? reader.GetFieldValue<byte[]>(column + 6) : (Func<CancellationToken, Task<string?>>)(token => fetch(position, token));
        return new StreamMessage(stream, id, version, position, created, type, metadata, data, maxAge);
    }

    /// <summary>Keeps the texts that repeat from row to row.</summary>
    private sealed class Texts
    {
        private readonly Dictionary<string, string> known = new(StringComparer.Ordinal);

        public string Of(string text) => known.TryAdd(text, text) ? text : known[text];
    }
}
