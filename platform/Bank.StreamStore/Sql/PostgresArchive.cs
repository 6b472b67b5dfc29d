namespace Bank.StreamStore.Sql;

/// <summary>The statements for PostgreSQL that archive.</summary>
internal static class PostgresArchive
{
    // The column is looked for first: adding one that is there waits for everybody who reads the table all the same.
    // The payloads are compressed already.
    public const string Create = """
        DO $archive$ BEGIN
            IF NOT EXISTS (
                SELECT 1 FROM pg_attribute a WHERE a.attrelid = '{schema}.messages'::regclass AND a.attname = 'archived_in' AND NOT a.attisdropped) THEN
                ALTER TABLE {schema}.messages ADD COLUMN archived_in BIGINT NULL;
            END IF;
            IF to_regclass('{schema}.message_archive') IS NULL THEN
                CREATE TABLE {schema}.message_archive (
                    id             BIGINT NOT NULL,
                    first_position BIGINT NOT NULL,
                    last_position  BIGINT NOT NULL,
                    messages       INT    NOT NULL,
                    checksum       BYTEA  NOT NULL,
                    payload        BYTEA  NOT NULL,
                    CONSTRAINT pk_message_archive PRIMARY KEY (id)
                );
                ALTER TABLE {schema}.message_archive ALTER COLUMN payload SET STORAGE EXTERNAL;
            END IF;
        END $archive$;
        """;

    public static ArchiveText For(string schema) => new()
    {
        LastArchived = $"SELECT COALESCE(MAX(last_position), -1) FROM {schema}.message_archive",
        Survey = $"""
            SELECT m.position, m.created_utc,
                CASE WHEN m.archived_in IS NULL AND left(s.id_original, 1) <> '$' AND s.max_age IS NULL AND s.max_count IS NULL THEN 1 ELSE 0 END,
                (octet_length(m.json_data::text) + COALESCE(octet_length(m.json_metadata::text), 0))::bigint
            FROM {schema}.messages m JOIN {schema}.streams s ON s.id_internal = m.stream_id_internal
            WHERE m.position > @position ORDER BY m.position LIMIT @count
            """,
        ReadPayloads = $"""
            SELECT position, json_data::text, json_metadata::text FROM {schema}.messages WHERE position = ANY(@positions) AND archived_in IS NULL ORDER BY position
            """,
        NoteVersion = PostgresSchema.SetArchivedVersion.Replace("{schema}", schema, StringComparison.Ordinal),
        InsertSegment = $"""
            INSERT INTO {schema}.message_archive (id, first_position, last_position, messages, checksum, payload)
            VALUES (@segment, @first, @last, @messages, @checksum, @payload)
            """,
        // Who never waits for a row is in nobody's way, and deletions cannot end in a deadlock with it.
        TakePayloads = $"""
            WITH free AS (SELECT position FROM {schema}.messages WHERE position = ANY(@positions) AND archived_in IS NULL FOR UPDATE SKIP LOCKED)
            UPDATE {schema}.messages m SET archived_in = @segment, json_data = '{ArchiveText.Placeholder}', json_metadata = NULL
            FROM free WHERE m.position = free.position
            """,
        ReadSegments = $"SELECT id, checksum, payload FROM {schema}.message_archive WHERE id = ANY(@segments)",
        UpdateSegment = $"UPDATE {schema}.message_archive SET messages = @messages, checksum = @checksum, payload = @payload WHERE id = @segment",
        DeleteSegment = $"DELETE FROM {schema}.message_archive WHERE id = @segment",
        ReuseSpace = $"VACUUM {schema}.messages",
    };
}
