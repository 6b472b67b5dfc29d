using System.Data.Common;
using System.Text.Json;
using Npgsql;

namespace Bank.StreamStore.Sql;

/// <summary>The version of a schema in PostgreSQL, which is kept as the comment of the schema, as SqlStreamStore does; and its end.</summary>
internal static class PostgresSchema
{
    /// <summary>Notes the version of the schema, unless messages are archived.</summary>
    public const string SetVersion = """
        DO $version$ BEGIN
            IF COALESCE(obj_description('{schema}'::regnamespace, 'pg_namespace'), '') NOT IN ('{ "version": 1 }', '{ "version": 2 }') THEN
                COMMENT ON SCHEMA {schema} IS '{ "version": 1 }';
            END IF;
        END $version$;
        """;

    /// <summary>Notes that messages are archived. SqlStreamStore, and earlier programs of this store, refuse a schema of this version.</summary>
    public const string SetArchivedVersion = """
        DO $version$ BEGIN
            IF obj_description('{schema}'::regnamespace, 'pg_namespace') IS DISTINCT FROM '{ "version": 2 }' THEN
                PERFORM pg_advisory_xact_lock(7265611);
                COMMENT ON SCHEMA {schema} IS '{ "version": 2 }';
            END IF;
        END $version$;
        """;

    // Functions of SqlStreamStore, which its own CreateSchemaIfNotExists adds, and ours.
    private const string DropAll = """
        DROP TABLE IF EXISTS {schema}.messages, {schema}.streams, {schema}.all_stream_head, {schema}.snapshots, {schema}.message_archive CASCADE;
        DROP SEQUENCE IF EXISTS {schema}.streams_seq, {schema}.messages_seq CASCADE;
        DROP TYPE IF EXISTS {schema}.new_stream_message CASCADE;
        DO $drop$ DECLARE _function REGPROCEDURE; BEGIN
            FOR _function IN
                SELECT p.oid::REGPROCEDURE FROM pg_proc p WHERE p.pronamespace = to_regnamespace('{schema}') AND (
                    p.proname ~ '^(append_one|append_group|append_expected|not_as_expected|begin_ahead|end_ahead|read_all|read_all_streams|read_stream)_[0-9]+$'
                    OR p.proname IN (
                        'append_to_stream', 'enforce_idempotent_append', 'read', 'read_all', 'read_json_data', 'read_head_position', 'read_stream_head_position',
                        'read_stream_head_version', 'read_stream_version_of_message_id', 'read_schema_version', 'list_streams', 'list_streams_starting_with',
                        'list_streams_ending_with', 'delete_stream', 'delete_stream_messages', 'scavenge', 'set_stream_metadata'))
            LOOP
                EXECUTE format('DROP FUNCTION IF EXISTS %s CASCADE', _function);
            END LOOP;
            IF to_regnamespace('{schema}') IS NOT NULL THEN
                COMMENT ON SCHEMA {schema} IS NULL;
            END IF;
        END $drop$;
        """;

    public static string DropAllOf(string schema) => DropAll.Replace("{schema}", schema, StringComparison.Ordinal);

    /// <summary>Reads the version of a schema; 0 when there is no schema, or none of this kind.</summary>
    public static async Task<int> ReadVersion(DbConnection connection, DbTransaction? transaction, string schema, CancellationToken cancellationToken)
    {
        await using var command = (NpgsqlCommand)connection.CreateCommand();
        command.Transaction = (NpgsqlTransaction?)transaction;
        command.CommandText = "SELECT obj_description(to_regnamespace($1), 'pg_namespace')";
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = schema });
        return await command.ExecuteScalarAsync(cancellationToken) is string comment ? Parse(comment) : 0;
    }

    private static int Parse(string comment)
    {
        try
        {
            using var json = JsonDocument.Parse(comment);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("version", out var version) && version.TryGetInt32(out var number)
                ? number
                : 0;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Somebody else's comment, as the one that the schema public has at first.
            return 0;
        }
    }
}
