using Npgsql;

namespace Bank.StreamStore.Tests;

/// <summary>The tables are those of SqlStreamStore, so that its users find theirs.</summary>
public sealed class PostgresSchemaTests(PostgresFixture fixture) : StoreBehaviour(fixture), IClassFixture<PostgresFixture>
{
    private static readonly string[] s_columns =
    [
        // Ours, added to theirs: null unless the message is archived.
        "messages.archived_in bigint YES",
        "messages.created_utc timestamp without time zone NO",
        "messages.json_data jsonb NO",
        "messages.json_metadata jsonb YES",
        "messages.message_id uuid NO",
        "messages.position bigint NO",
        "messages.stream_id_internal integer NO",
        "messages.stream_version integer NO",
        "messages.type character varying(128) NO",
        "streams.id character(42) NO",
        "streams.id_internal integer NO",
        "streams.id_original character varying(1000) NO",
        "streams.max_age integer YES",
        "streams.max_count integer YES",
        "streams.position bigint NO",
        "streams.version integer NO",
    ];

    private static readonly string[] s_indexes =
    [
        "ix_id_original btree (id_original)",
        "ix_id_original_reversed btree (reverse((id_original)::text))",
        "pk_messages UNIQUE btree (\"position\")",
        "pk_streams UNIQUE btree (id_internal)",
        "uq_messages_stream_id_internal_and_stream_version UNIQUE btree (stream_id_internal, stream_version)",
        "uq_stream_id_internal_and_message_id UNIQUE btree (stream_id_internal, message_id)",
        "uq_streams_id UNIQUE btree (id)",
    ];

    private static readonly string[] s_constraints =
    [
        "ck_stream_version_gte_zero CHECK ((stream_version >= 0))",
        "ck_version_gte_negative_one CHECK ((version >= '-1'::integer))",
        "fk_messages_stream FOREIGN KEY (stream_id_internal) REFERENCES streams(id_internal)",
        "pk_messages PRIMARY KEY (\"position\")",
        "pk_streams PRIMARY KEY (id_internal)",
        "uq_messages_stream_id_internal_and_stream_version UNIQUE (stream_id_internal, stream_version)",
        "uq_stream_id_internal_and_message_id UNIQUE (stream_id_internal, message_id)",
        "uq_streams_id UNIQUE (id)",
    ];

    private static readonly string[] s_defaults =
    [
        "messages.position nextval('messages_seq'::regclass)",
        "streams.id_internal nextval('streams_seq'::regclass)",
        "streams.position '-1'::integer",
        "streams.version '-1'::integer",
    ];

    [SkippableFact]
    public async Task Columns_have_the_names_and_types_of_SqlStreamStore() => Assert.Equal(s_columns, await Read(
        """
        SELECT table_name || '.' || column_name || ' ' || data_type || COALESCE('(' || character_maximum_length || ')', '') || ' ' || is_nullable
        FROM information_schema.columns WHERE table_schema = @schema AND table_name IN ('streams', 'messages') ORDER BY table_name, column_name
        """));

    [SkippableFact]
    public async Task Defaults_are_those_of_SqlStreamStore() => Assert.Equal(s_defaults, await Read(
        """
        SELECT table_name || '.' || column_name || ' ' || replace(column_default, @schema || '.', '') FROM information_schema.columns
        WHERE table_schema = @schema AND table_name IN ('streams', 'messages') AND column_default IS NOT NULL ORDER BY table_name, column_name
        """));

    [SkippableFact]
    public async Task Indexes_have_the_names_and_columns_of_SqlStreamStore() => Assert.Equal(s_indexes, await Read(
        """
        SELECT indexname || CASE WHEN indexdef LIKE 'CREATE UNIQUE%' THEN ' UNIQUE' ELSE '' END || split_part(indexdef, ' USING', 2) FROM pg_indexes
        WHERE schemaname = @schema AND tablename IN ('streams', 'messages') ORDER BY indexname COLLATE "C"
        """));

    [SkippableFact]
    public async Task Constraints_have_the_names_and_columns_of_SqlStreamStore() => Assert.Equal(s_constraints, await Read(
        """
        SELECT conname || ' ' || replace(pg_get_constraintdef(oid), @schema || '.', '') FROM pg_constraint
        WHERE connamespace = @schema::regnamespace AND conrelid IN ((@schema || '.streams')::regclass, (@schema || '.messages')::regclass) ORDER BY conname COLLATE "C"
        """));

    [SkippableFact]
    public async Task Sequences_start_where_those_of_SqlStreamStore_do_and_belong_to_their_columns() => Assert.Equal(
        ["messages_seq 0 0 messages.position", "streams_seq 1 1 streams.id_internal"], await Read(
        """
        SELECT s.sequencename || ' ' || s.min_value || ' ' || s.start_value || ' ' || t.relname || '.' || a.attname
        FROM pg_sequences s
        JOIN pg_depend d ON d.objid = (@schema || '.' || s.sequencename)::regclass AND d.classid = 'pg_class'::regclass AND d.deptype = 'a'
        JOIN pg_class t ON t.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
        WHERE s.schemaname = @schema ORDER BY s.sequencename
        """));

    private async Task<List<string>> Read(string text)
    {
        var postgres = (PostgresFixture)Fixture;
        await using var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = text;
        command.Parameters.AddWithValue("schema", postgres.Schema);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(reader.GetString(0));
        return rows;
    }
}
