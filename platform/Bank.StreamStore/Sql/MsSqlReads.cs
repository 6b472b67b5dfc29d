using System.Data;
using Bank.StreamStore.Streams;
using Microsoft.Data.SqlClient;

namespace Bank.StreamStore.Sql;

/// <summary>Reads pages from SQL Server, each in one round trip by one statement: where readers see snapshots, a page is of one moment.</summary>
/// <param name="schema">The schema that holds the tables.</param>
/// <param name="fetch">Fetches the data of the message at a position, for pages that do not hold it.</param>
internal sealed class MsSqlReads(string schema, Func<long, CancellationToken, Task<string?>> fetch)
{
    /// <summary>Messages from position <c>@from</c>, at most <c>@count</c>, and the age limit of their streams.</summary>
    public static string All(string schema, bool forwards, bool prefetch) => $"""
        SELECT s.[IdOriginal], {Columns(prefetch)}
        FROM (
            SELECT TOP (@count) f.*
            FROM [{schema}].[Messages] AS f
            WHERE f.[Position] {(forwards ? ">=" : "<=")} @from
            ORDER BY f.[Position]{(forwards ? "" : " DESC")}) AS m
        JOIN [{schema}].[Streams] AS s ON s.[IdInternal] = m.[StreamIdInternal]
        ORDER BY m.[Position]{(forwards ? "" : " DESC")}
        OPTION (LOOP JOIN, FORCE ORDER)
        """;

    /// <summary>
    /// Messages of the stream <c>@id</c> from version <c>@from</c>, at most <c>@count</c>, each with the stream's head; one row without a message for a stream that has
    /// none to show; no row for none. The index is prescribed: on long streams no other will do.
    /// </summary>
    public static string Stream(string schema, bool forwards, bool prefetch) => $"""
        SELECT s.[IdOriginal], {Columns(prefetch)}, s.[Version], s.[Position]
        FROM [{schema}].[Streams] AS s WITH (FORCESEEK (IX_Streams_Id ([Id])))
        OUTER APPLY (
            SELECT TOP (@count) f.*
            FROM [{schema}].[Messages] AS f WITH (FORCESEEK (IX_Messages_StreamIdInternal_Revision ([StreamIdInternal], [StreamVersion])))
            WHERE f.[StreamIdInternal] = s.[IdInternal] AND f.[StreamVersion] {(forwards ? ">=" : "<=")} @from
            ORDER BY f.[StreamVersion]{(forwards ? "" : " DESC")}) AS m
        WHERE s.[Id] = @id
        ORDER BY m.[StreamVersion]{(forwards ? "" : " DESC")}
        OPTION (LOOP JOIN)
        """;

    public async Task<PageRows> All(SqlConnection connection, long from, int count, ReadDirection direction, bool prefetch, CancellationToken cancellationToken)
    {
        await using var command = new SqlCommand(All(schema, direction == ReadDirection.Forward, prefetch), connection);
        command.Parameters.Add("@from", SqlDbType.BigInt).Value = from;
        command.Parameters.Add("@count", SqlDbType.Int).Value = count;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new PageRows(Math.Min(count, 1024));
        while (await reader.ReadAsync(cancellationToken)) rows.Add(Message(reader, prefetch), Segment(reader));
        return rows;
    }

    /// <returns>Head version, head position and messages; null when the stream is missing.</returns>
    public async Task<(int Version, long Position, PageRows Rows)?> Stream(
        SqlConnection connection, string stream, int from, int count, ReadDirection direction, bool prefetch, CancellationToken cancellationToken)
    {
        await using var command = new SqlCommand(Stream(schema, direction == ReadDirection.Forward, prefetch), connection);
        command.Parameters.Add("@id", SqlDbType.Char, MsSqlStreamKey.Width).Value = MsSqlStreamKey.Of(stream);
        command.Parameters.Add("@from", SqlDbType.Int).Value = from;
        command.Parameters.Add("@count", SqlDbType.Int).Value = count;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        var (version, position) = (reader.GetInt32(10), reader.GetInt64(11));
        var rows = new PageRows();
        if (reader.IsDBNull(1)) return (version, position, rows);
        do rows.Add(Message(reader, prefetch), Segment(reader));
        while (await reader.ReadAsync(cancellationToken));
        return (version, position, rows);
    }

    // The data always have a column, so that the others keep their places.
    private static string Columns(bool prefetch) =>
        $"m.[StreamVersion], m.[Position], m.[Id], m.[Created], m.[Type], m.[JsonMetadata], {(prefetch ? "m.[JsonData]" : "NULL AS [JsonData]")}, s.[MaxAge], m.[ArchivedIn]";

    private static long? Segment(SqlDataReader reader) => reader.IsDBNull(9) ? null : reader.GetInt64(9);

    private StreamMessage Message(SqlDataReader reader, bool prefetch)
    {
        var stream = reader.GetString(0);
        var position = reader.GetInt64(2);
        var created = DateTime.SpecifyKind(reader.GetDateTime(4), DateTimeKind.Utc);
        var metadata = reader.IsDBNull(6) ? "" : reader.GetString(6);
        object? data = prefetch ? reader.GetString(7) : (Func<CancellationToken, Task<string?>>)(token => fetch(position, token));
        var maxAge = reader.IsDBNull(8) ? (int?)null : reader.GetInt32(8);
        return new StreamMessage(stream, reader.GetGuid(3), reader.GetInt32(1), position, created, reader.GetString(5), metadata, data, maxAge);
    }
}
