using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Sql;

/// <summary>The statements for SQLite.</summary>
internal static class SqliteSql
{
    /// <summary>Returns 1 for a file of a time when streams had no limits.</summary>
    public const string LacksLimits =
        "SELECT EXISTS (SELECT 1 FROM pragma_table_info('streams')) AND NOT EXISTS (SELECT 1 FROM pragma_table_info('streams') WHERE name = 'max_age')";

    public const string AddLimits = "ALTER TABLE streams ADD COLUMN max_age INTEGER; ALTER TABLE streams ADD COLUMN max_count INTEGER;";

    public static readonly SqlText Text = new()
    {
        CreateSchema = SqliteArchive.Create + """
            CREATE TABLE IF NOT EXISTS streams (
                id_internal INTEGER PRIMARY KEY AUTOINCREMENT,
                id          TEXT    NOT NULL UNIQUE,
                id_original TEXT    NOT NULL,
                version     INTEGER NOT NULL DEFAULT -1 CHECK (version >= -1),
                position    INTEGER NOT NULL DEFAULT -1,
                max_age     INTEGER,
                max_count   INTEGER
            );
            CREATE TABLE IF NOT EXISTS messages (
                position           INTEGER PRIMARY KEY,
                stream_id_internal INTEGER NOT NULL REFERENCES streams (id_internal),
                stream_version     INTEGER NOT NULL CHECK (stream_version >= 0),
                message_id         TEXT    NOT NULL,
                created_utc        TEXT    NOT NULL,
                type               TEXT    NOT NULL,
                json_data          TEXT    NOT NULL,
                json_metadata      TEXT,
                archived_in        INTEGER,
                UNIQUE (stream_id_internal, stream_version),
                UNIQUE (stream_id_internal, message_id)
            );
            CREATE TABLE IF NOT EXISTS all_stream_head (
                one_row  INTEGER NOT NULL DEFAULT 1 PRIMARY KEY CHECK (one_row = 1),
                position INTEGER NOT NULL
            );
            CREATE TABLE IF NOT EXISTS snapshots (
                id         TEXT    NOT NULL,
                type       TEXT    NOT NULL,
                version    INTEGER NOT NULL,
                message_id TEXT    NOT NULL,
                state      TEXT    NOT NULL,
                PRIMARY KEY (id, type)
            );
            INSERT OR IGNORE INTO all_stream_head (position) SELECT COALESCE(MAX(position), -1) FROM messages;
            """,
        LockHead = "SELECT position FROM all_stream_head",
        SetHead = "UPDATE all_stream_head SET position = @position",
        FindStream = "SELECT id_internal, version, position, max_count FROM streams WHERE id = @id",
        InsertStream = """
            WITH metadata AS (
                SELECT m.json_data FROM messages m JOIN streams s ON s.id_internal = m.stream_id_internal
                WHERE s.id = @limits ORDER BY m.stream_version DESC LIMIT 1)
            INSERT INTO streams (id, id_original, max_age, max_count)
            VALUES (@id, @original, (SELECT json_data ->> 'MaxAge' FROM metadata), (SELECT json_data ->> 'MaxCount' FROM metadata))
            RETURNING id_internal, max_count
            """,
        UpdateStream = "UPDATE streams SET version = @version, position = @position WHERE id_internal = @stream",
        FindMessages = "SELECT message_id, stream_version FROM messages WHERE stream_id_internal = @stream AND message_id IN (SELECT value FROM json_each(@ids))",
        InsertMessage = """
            INSERT INTO messages (stream_id_internal, stream_version, position, message_id, created_utc, type, json_data, json_metadata)
            VALUES (@stream, @version, @position, @message, @created, @type, @data, @metadata)
            """,
        ReadData = "SELECT json_data, archived_in FROM messages WHERE position = @position",
        ReadHead = "SELECT COALESCE(MAX(position), -1) FROM messages",
        ListStreams = pattern => $"SELECT id_internal, id_original FROM streams WHERE id_internal > @after AND {Fits(pattern)} ORDER BY id_internal LIMIT @count",
        ReadAll = (forwards, prefetch) => $"""
            {Select(prefetch)}
            WHERE m.position {(forwards ? ">=" : "<=")} @from ORDER BY m.position {(forwards ? "" : "DESC")} LIMIT @count
            """,
        ReadStream = (forwards, prefetch) => $"""
            {Select(prefetch)}
            WHERE m.stream_id_internal = @stream AND m.stream_version {(forwards ? ">=" : "<=")} @from
            ORDER BY m.stream_version {(forwards ? "" : "DESC")} LIMIT @count
            """,
        ReadSnapshot = "SELECT version, message_id, state FROM snapshots WHERE id = @id AND type = @type",
        WriteSnapshot = """
            INSERT INTO snapshots (id, type, version, message_id, state) VALUES (@id, @type, @version, @message, @state)
            ON CONFLICT (id, type) DO UPDATE SET version = excluded.version, message_id = excluded.message_id, state = excluded.state
            """,
        Retention = SqliteRetention.Text,
        Archive = SqliteArchive.Text,
    };

    // No LIKE, which knows wildcards and takes capital letters for small ones.
    private static string Fits(Pattern pattern) => pattern switch
    {
        Pattern.StartingWith => "substr(id_original, 1, length(@value)) = @value",
        Pattern.EndingWith => "length(@value) <= length(id_original) AND substr(id_original, length(id_original) - length(@value) + 1) = @value",
        Pattern.Any => "@value = ''",
        _ => throw Pattern.Unrecognized(nameof(pattern)),
    };

    private static string Select(bool prefetch) => $"""
        SELECT s.id_original, m.stream_version, m.position, m.message_id, m.created_utc, m.type, m.json_metadata, {(prefetch ? "m.json_data" : "NULL")}, s.max_age, m.archived_in
        FROM messages m JOIN streams s ON s.id_internal = m.stream_id_internal
        """;
}
