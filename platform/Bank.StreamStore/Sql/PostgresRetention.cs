namespace Bank.StreamStore.Sql;

/// <summary>The statements for PostgreSQL that delete.</summary>
internal static class PostgresRetention
{
    // Where SqlStreamStore writes too, it draws its positions from the sequence; so both heed it.
    public static string LockHead(string schema) => $"""
        SELECT CASE WHEN to_regproc('{schema}.append_to_stream') IS NULL THEN h.position ELSE GREATEST(
            h.position, (SELECT MAX(m.position) FROM {schema}.messages m),
            (SELECT CASE WHEN q.is_called THEN q.last_value ELSE q.last_value - 1 END FROM {schema}.messages_seq q)) END
        FROM {schema}.all_stream_head h, (SELECT pg_advisory_xact_lock({PostgresTurns.TurnOf(schema)})) turn FOR UPDATE OF h
        """;

    public static string SetHead(string schema) =>
        $"UPDATE {schema}.all_stream_head SET position = @position; SELECT setval('{schema}.messages_seq', @position)";

    public static RetentionText For(string schema) => new()
    {
        DeleteStreamMessages = $"""
            WITH gone AS (DELETE FROM {schema}.messages WHERE stream_id_internal = @stream RETURNING message_id, position, archived_in)
            SELECT message_id, position, archived_in FROM gone WHERE archived_in IS NOT NULL
            """,
        DeleteStream = $"DELETE FROM {schema}.streams WHERE id_internal = @stream",
        DeleteMessages = $"DELETE FROM {schema}.messages WHERE stream_id_internal = @stream AND message_id = ANY(@ids) RETURNING message_id, position, archived_in",
        NewestVersion = $"SELECT MAX(stream_version) FROM {schema}.messages WHERE stream_id_internal = @stream",
        SetLimits = $"UPDATE {schema}.streams SET max_age = @age, max_count = @kept WHERE id = @id",
        BeyondLimit = $"""
            SELECT m.message_id FROM {schema}.streams s JOIN {schema}.messages m ON m.stream_id_internal = s.id_internal
            WHERE s.id_internal = @stream AND s.max_count > 0 AND m.stream_version <= (
                SELECT newer.stream_version FROM {schema}.messages newer
                WHERE newer.stream_id_internal = @stream ORDER BY newer.stream_version DESC LIMIT 1
                OFFSET (SELECT limited.max_count FROM {schema}.streams limited WHERE limited.id_internal = @stream))
            ORDER BY m.stream_version LIMIT @count
            """,
        DeleteExpired = $"""
            DELETE FROM {schema}.messages m USING {schema}.streams s
            WHERE m.stream_id_internal = @stream AND m.message_id = ANY(@ids)
                AND s.id_internal = @stream AND s.max_age > 0 AND m.created_utc <= @now - s.max_age * INTERVAL '1 second'
            RETURNING m.message_id, m.position, m.archived_in
            """,
    };
}
