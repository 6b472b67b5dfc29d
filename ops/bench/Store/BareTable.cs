using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Bank.Benchmarks.Store;

/// <summary>The floor: the same events put into one table with one index, and read from it, by bare Npgsql.</summary>
internal sealed class BareTable(string connectionString)
{
    private const string Columns = "stream, version, id, created, type, data, metadata";

    public async Task Create(CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var create = source.CreateCommand(
            """
            drop table if exists floor;
            create table floor (position bigint generated always as identity primary key, stream int not null, version int not null, id uuid not null,
                created timestamp not null, type varchar(128) not null, data jsonb not null, metadata jsonb)
            """);
        await create.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Inserts in transactions of some rows each, over as many connections as there are clients.</summary>
    /// <returns>Rows per second.</returns>
    public async Task<double> Insert(int rows, int rowsTogether, int clients, CancellationToken cancellationToken)
    {
        await using var source = new NpgsqlDataSourceBuilder(connectionString) { ConnectionStringBuilder = { MaxPoolSize = clients, NoResetOnClose = true } }.Build();
        var connections = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => source.OpenConnectionAsync(cancellationToken).AsTask()));
        var share = rows / clients / rowsTogether;
        var ids = Enumerable.Range(0, share * clients).Select(_ => Guid.NewGuid()).ToArray();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(connections.Select((connection, client) => Task.Run(
            () => Work(connection, ids.AsMemory(client * share, share), rowsTogether, cancellationToken), cancellationToken)));
        var rate = share * rowsTogether * clients / watch.Elapsed.TotalSeconds;
        foreach (var connection in connections) await connection.DisposeAsync();
        return rate;
    }

    /// <summary>Reads the events of a store by one plain SELECT.</summary>
    /// <returns>Rows per second.</returns>
    public async Task<double> Select(string schema, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        var watch = Stopwatch.StartNew();
        await using var command = source.CreateCommand(
            $"select stream_id_internal, stream_version, position, message_id, created_utc, type, json_metadata, json_data from {schema}.messages order by position");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = 0;
        var characters = 0L;
        while (await reader.ReadAsync(cancellationToken))
        {
            _ = (reader.GetInt32(0), reader.GetInt32(1), reader.GetInt64(2), reader.GetGuid(3), reader.GetDateTime(4));
            characters += reader.GetString(5).Length + reader.GetString(6).Length + reader.GetFieldValue<byte[]>(7).Length;
            rows++;
        }

        return characters > 0 ? rows / watch.Elapsed.TotalSeconds : throw new InvalidOperationException("There was nothing to read.");
    }

    private static async Task Work(NpgsqlConnection connection, ReadOnlyMemory<Guid> ids, int rowsTogether, CancellationToken cancellationToken)
    {
        // Rows that go together have ids of the server's: one parameter holds one.
        var rows = rowsTogether == 1 ? "values (1, 1, $4, now()::timestamp, $1, $2, $3)" : $"select 1, 1, gen_random_uuid(), now()::timestamp, $1, $2, $3 from generate_series(1, {rowsTogether})";
        await using var command = new NpgsqlCommand($"insert into floor ({Columns}) {rows}", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = Payload.Type, NpgsqlDbType = NpgsqlDbType.Varchar });
        command.Parameters.Add(new NpgsqlParameter { Value = Payload.Data, NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new NpgsqlParameter { Value = Payload.Metadata, NpgsqlDbType = NpgsqlDbType.Jsonb });
        var id = new NpgsqlParameter<Guid> { NpgsqlDbType = NpgsqlDbType.Uuid };
        if (rowsTogether == 1) command.Parameters.Add(id);
        await command.PrepareAsync(cancellationToken);
        for (var transaction = 0; transaction < ids.Length; transaction++)
        {
            id.TypedValue = ids.Span[transaction];
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
