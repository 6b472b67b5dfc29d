using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Sql;

/// <summary>The statements for PostgreSQL. Tables and columns are those of SqlStreamStore; the table of the head position is ours.</summary>
internal static class PostgresSql
{
    /// <summary>A name as a part of statements: in quotes, so that it may be a word of the language too.</summary>
    public static string Quoted(string name) => $"\"{name}\"";

    /// <param name="name">The name of the schema, without quotes.</param>
    public static SqlText For(string name)
    {
        var schema = Quoted(name);
        return new SqlText
        {
            CreateSchema = string.Join('\n', [Create, PostgresArchive.Create, .. Functions.Select(Script), PostgresSchema.SetVersion])
                .Replace("{turn}", PostgresTurns.Turn, StringComparison.Ordinal).Replace("{lane}", PostgresTurns.Lane, StringComparison.Ordinal).Replace("{schema}", schema, StringComparison.Ordinal),
            // A process that freezes with the row in its hands must not stop the others: the server ends its session, and it tries again when it wakes.
            LockHead = $"SET LOCAL idle_in_transaction_session_timeout = '5s'; {PostgresRetention.LockHead(schema)}",
            // The notification goes out with the commit; stores of other schemas in the same database hear it and ignore it.
            SetHead = $"{PostgresRetention.SetHead(schema)}; SELECT pg_notify('{PostgresAnnouncements.Channel}', '{name}')",
            FindStream = $"SELECT id_internal::bigint, version, position, max_count FROM {schema}.streams WHERE id = @id",
            InsertStream = $"""
                WITH metadata AS (
                    SELECT m.json_data FROM {schema}.messages m JOIN {schema}.streams s ON s.id_internal = m.stream_id_internal
                    WHERE s.id = @limits ORDER BY m.stream_version DESC LIMIT 1)
                INSERT INTO {schema}.streams (id, id_original, max_age, max_count)
                VALUES (@id, @original, (SELECT (json_data->>'MaxAge')::int FROM metadata), (SELECT (json_data->>'MaxCount')::int FROM metadata))
                RETURNING id_internal::bigint, max_count
                """,
            UpdateStream = $"UPDATE {schema}.streams SET version = @version, position = @position WHERE id_internal = @stream",
            FindMessages = $"SELECT message_id, stream_version FROM {schema}.messages WHERE stream_id_internal = @stream AND message_id = ANY(@ids)",
            InsertMessage = $"""
                INSERT INTO {schema}.messages (stream_id_internal, stream_version, position, message_id, created_utc, type, json_data, json_metadata)
                VALUES (@stream, @version, @position, @message, @created, @type, @data, @metadata)
                """,
            ReadData = $"SELECT json_data::text, archived_in FROM {schema}.messages WHERE position = @position",
            ReadHead = $"SELECT COALESCE(MAX(position), -1) FROM {schema}.messages",
            ListStreams = pattern =>
                $"SELECT id_internal::bigint, id_original FROM {schema}.streams WHERE id_internal > @after AND {Fits(pattern)} ORDER BY id_internal LIMIT @count",
            ReadAll = (forwards, prefetch) => $"""
                {Select(schema, prefetch)}
                WHERE m.position {(forwards ? ">=" : "<=")} @from ORDER BY m.position {(forwards ? "" : "DESC")} LIMIT @count
                """,
            ReadStream = (forwards, prefetch) => $"""
                {Select(schema, prefetch)}
                WHERE m.stream_id_internal = @stream AND m.stream_version {(forwards ? ">=" : "<=")} @from
                ORDER BY m.stream_version {(forwards ? "" : "DESC")} LIMIT @count
                """,
            ReadSnapshot = $"SELECT version, message_id, state FROM {schema}.snapshots WHERE id = @id AND type = @type",
            WriteSnapshot = $"""
                INSERT INTO {schema}.snapshots (id, type, version, message_id, state) VALUES (@id, @type, @version, @message, @state)
                ON CONFLICT (id, type) DO UPDATE SET version = excluded.version, message_id = excluded.message_id, state = excluded.state
                """,
            Retention = PostgresRetention.For(schema),
            Archive = PostgresArchive.For(schema),
        };
    }

    private static string Fits(Pattern pattern)
    {
        return pattern switch
        {
            Pattern.StartingWith => $"id_original LIKE {Literally("@value")} || '%'",
            Pattern.EndingWith => $"reverse(id_original) LIKE {Literally("reverse(@value)")} || '%'",
            Pattern.Any => "@value = ''",
            _ => throw Pattern.Unrecognized(nameof(pattern)),
        };

        // The characters that mean something to LIKE, one after the other.
        static string Literally(string value) => $@"replace(replace(replace({value}, '\', '\\'), '%', '\%'), '_', '\_')";
    }

    private static string Select(string schema, bool prefetch) => $"""
        SELECT s.id_original, m.stream_version, m.position, m.message_id, m.created_utc, m.type, m.json_metadata::text, {(prefetch ? "m.json_data::text" : "NULL")}, s.max_age, m.archived_in
        FROM {schema}.messages m JOIN {schema}.streams s ON s.id_internal = m.stream_id_internal
        """;

    // A changed function gets a new number, so that processes of the old version and the new may run side by side.
    private static readonly string[] Functions = ["append_one_2", "append_group_2", "not_as_expected_1", "begin_ahead_1", "end_ahead_1", "append_expected_4", "read_stream_2", "read_all_streams_1"];

    private static string Script(string name)
    {
        using var stream = typeof(PostgresSql).Assembly.GetManifestResourceStream($"Bank.StreamStore.Scripts.{name}.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    // The advisory lock lets several processes start at once; the number is arbitrary.
    private const string Create = """
        SELECT pg_advisory_xact_lock(7265611);
        CREATE SCHEMA IF NOT EXISTS {schema};
        CREATE SEQUENCE IF NOT EXISTS {schema}.streams_seq START 1;
        CREATE TABLE IF NOT EXISTS {schema}.streams (
            id          CHAR(42)      NOT NULL,
            id_original VARCHAR(1000) NOT NULL,
            id_internal INT           NOT NULL DEFAULT nextval('{schema}.streams_seq'),
            version     INT           NOT NULL DEFAULT -1,
            position    BIGINT        NOT NULL DEFAULT -1,
            max_age     INT           NULL,
            max_count   INT           NULL,
            CONSTRAINT pk_streams PRIMARY KEY (id_internal),
            CONSTRAINT uq_streams_id UNIQUE (id),
            CONSTRAINT ck_version_gte_negative_one CHECK (version >= -1)
        );
        ALTER SEQUENCE {schema}.streams_seq OWNED BY {schema}.streams.id_internal;
        CREATE INDEX IF NOT EXISTS ix_id_original ON {schema}.streams (id_original);
        CREATE INDEX IF NOT EXISTS ix_id_original_reversed ON {schema}.streams (reverse(id_original));
        CREATE SEQUENCE IF NOT EXISTS {schema}.messages_seq MINVALUE 0 START 0;
        CREATE TABLE IF NOT EXISTS {schema}.messages (
            stream_id_internal INT          NOT NULL,
            stream_version     INT          NOT NULL,
            position           BIGINT       NOT NULL DEFAULT nextval('{schema}.messages_seq'),
            message_id         UUID         NOT NULL,
            created_utc        TIMESTAMP    NOT NULL,
            type               VARCHAR(128) NOT NULL,
            json_data          JSONB        NOT NULL,
            json_metadata      JSONB,
            CONSTRAINT pk_messages PRIMARY KEY (position),
            CONSTRAINT fk_messages_stream FOREIGN KEY (stream_id_internal) REFERENCES {schema}.streams (id_internal),
            CONSTRAINT uq_messages_stream_id_internal_and_stream_version UNIQUE (stream_id_internal, stream_version),
            CONSTRAINT uq_stream_id_internal_and_message_id UNIQUE (stream_id_internal, message_id),
            CONSTRAINT ck_stream_version_gte_zero CHECK (stream_version >= 0)
        );
        ALTER SEQUENCE {schema}.messages_seq OWNED BY {schema}.messages.position;
        CREATE TABLE IF NOT EXISTS {schema}.all_stream_head (
            one_row  BOOLEAN NOT NULL DEFAULT TRUE PRIMARY KEY CHECK (one_row),
            position BIGINT  NOT NULL
        );
        CREATE TABLE IF NOT EXISTS {schema}.snapshots (
            id         CHAR(42)     NOT NULL,
            type       VARCHAR(128) NOT NULL,
            version    INT          NOT NULL,
            message_id UUID         NOT NULL,
            state      TEXT         NOT NULL,
            CONSTRAINT pk_snapshots PRIMARY KEY (id, type)
        );
        INSERT INTO {schema}.all_stream_head (position) SELECT COALESCE(MAX(position), -1) FROM {schema}.messages ON CONFLICT DO NOTHING;
        """;
}
