using Npgsql;

namespace Bank.StreamStore.Tests;

/// <summary>The tables are those of SqlStreamStore, so that its users find theirs.</summary>
public sealed class PostgresSchemaTests(PostgresFixture fixture) : StoreBehaviour(fixture), IClassFixture<PostgresFixture>
{
    private static readonly string[] s_columns =
    [
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
        "ix_id_original", "ix_id_original_reversed", "pk_messages", "pk_streams", "uq_messages_stream_id_internal_and_stream_version",
        "uq_stream_id_internal_and_message_id", "uq_streams_id",
    ];

    [SkippableFact]
    public async Task Columns_have_the_names_and_types_of_SqlStreamStore() => Assert.Equal(s_columns, await Read(
        """
        SELECT table_name || '.' || column_name || ' ' || data_type || COALESCE('(' || character_maximum_length || ')', '') || ' ' || is_nullable
        FROM information_schema.columns WHERE table_schema = @schema AND table_name IN ('streams', 'messages') ORDER BY table_name, column_name
        """));

    [SkippableFact]
    public async Task Indexes_have_the_names_of_SqlStreamStore() => Assert.Equal(s_indexes, await Read(
        "SELECT indexname::text FROM pg_indexes WHERE schemaname = @schema AND tablename IN ('streams', 'messages') ORDER BY indexname COLLATE \"C\""));

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
