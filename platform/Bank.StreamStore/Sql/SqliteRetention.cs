namespace Bank.StreamStore.Sql;

/// <summary>The statements for SQLite that delete.</summary>
internal static class SqliteRetention
{
    // As exact as the time functions are, to the millisecond.
    private const string Oldest = "strftime('%Y-%m-%dT%H:%M:%f0000Z', @now, '-' || s.max_age || ' seconds')";

    public static readonly RetentionText Text = new()
    {
        DeleteStreamMessages = "DELETE FROM messages WHERE stream_id_internal = @stream RETURNING message_id, position, archived_in",
        DeleteStream = "DELETE FROM streams WHERE id_internal = @stream",
        DeleteMessages = "DELETE FROM messages WHERE stream_id_internal = @stream AND message_id IN (SELECT value FROM json_each(@ids)) RETURNING message_id, position, archived_in",
        NewestVersion = "SELECT MAX(stream_version) FROM messages WHERE stream_id_internal = @stream",
        SetLimits = "UPDATE streams SET max_age = @age, max_count = @kept WHERE id = @id",
        BeyondLimit = """
            SELECT m.message_id FROM streams s JOIN messages m ON m.stream_id_internal = s.id_internal
            WHERE s.id_internal = @stream AND s.max_count > 0 AND m.stream_version <= (
                SELECT stream_version FROM messages WHERE stream_id_internal = @stream ORDER BY stream_version DESC
                LIMIT 1 OFFSET (SELECT max_count FROM streams WHERE id_internal = @stream))
            ORDER BY m.stream_version LIMIT @count
            """,
        DeleteExpired = $"""
            DELETE FROM messages WHERE stream_id_internal = @stream AND message_id IN (SELECT value FROM json_each(@ids)) AND EXISTS (
                SELECT 1 FROM streams s WHERE s.id_internal = @stream AND s.max_age > 0 AND created_utc <= {Oldest})
            RETURNING message_id, position, archived_in
            """,
    };
}
