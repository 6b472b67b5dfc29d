namespace Bank.StreamStore.Sql;

/// <summary>The statements for SQLite that archive.</summary>
internal static class SqliteArchive
{
    /// <summary>Returns 1 for a file of a time when nothing was archived.</summary>
    public const string LacksColumn =
        "SELECT EXISTS (SELECT 1 FROM pragma_table_info('messages')) AND NOT EXISTS (SELECT 1 FROM pragma_table_info('messages') WHERE name = 'archived_in')";

    public const string AddColumn = "ALTER TABLE messages ADD COLUMN archived_in INTEGER";

    public const string Create = """
        CREATE TABLE IF NOT EXISTS message_archive (
            id             INTEGER PRIMARY KEY,
            first_position INTEGER NOT NULL,
            last_position  INTEGER NOT NULL,
            messages       INTEGER NOT NULL,
            checksum       BLOB    NOT NULL,
            payload        BLOB    NOT NULL
        );
        """;

    public static readonly ArchiveText Text = new()
    {
        LastArchived = "SELECT COALESCE(MAX(last_position), -1) FROM message_archive",
        Survey = """
            SELECT m.position, m.created_utc,
                CASE WHEN m.archived_in IS NULL AND substr(s.id_original, 1, 1) <> '$' AND s.max_age IS NULL AND s.max_count IS NULL THEN 1 ELSE 0 END,
                length(CAST(m.json_data AS BLOB)) + COALESCE(length(CAST(m.json_metadata AS BLOB)), 0)
            FROM messages m JOIN streams s ON s.id_internal = m.stream_id_internal
            WHERE m.position > @position ORDER BY m.position LIMIT @count
            """,
        ReadPayloads = """
            SELECT position, json_data, json_metadata FROM messages
            WHERE position IN (SELECT value FROM json_each(@positions)) AND archived_in IS NULL ORDER BY position
            """,
        // Earlier programs of this store look for no version here.
        NoteVersion = null,
        InsertSegment = """
            INSERT INTO message_archive (id, first_position, last_position, messages, checksum, payload)
            VALUES (@segment, @first, @last, @messages, @checksum, @payload)
            """,
        TakePayloads = $"""
            UPDATE messages SET archived_in = @segment, json_data = '{ArchiveText.Placeholder}', json_metadata = NULL
            WHERE position IN (SELECT value FROM json_each(@positions)) AND archived_in IS NULL
            """,
        ReadSegments = "SELECT id, checksum, payload FROM message_archive WHERE id IN (SELECT value FROM json_each(@segments))",
        UpdateSegment = "UPDATE message_archive SET messages = @messages, checksum = @checksum, payload = @payload WHERE id = @segment",
        DeleteSegment = "DELETE FROM message_archive WHERE id = @segment",
        // Pages that become free are used again.
        ReuseSpace = null,
    };
}
