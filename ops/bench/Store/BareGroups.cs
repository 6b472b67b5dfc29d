using System.Diagnostics;
using Bank.StreamStore;
using Bank.StreamStore.Streams;
using Npgsql;
using NpgsqlTypes;

namespace Bank.Benchmarks.Store;

/// <summary>
/// The ceiling of groups that follow one another: the same events put into the store's tables by bare Npgsql, one connection, one statement and one commit for each group, groups as large as the
/// writers of the store could fill, their streams strewn over the tables as those of writers are. Nothing is looked at before, nobody waits for an outcome, and no position is given out: what is
/// left is what one process of PostgreSQL needs for rows of these tables. The store has two of them at work when it writes groups ahead.
/// </summary>
internal sealed class BareGroups(string connectionString, StoreUnderTest store, string schema)
{
    private const int Seed = 1;

    /// <summary>Inserts groups of some events, each of another stream.</summary>
    /// <returns>Events per second.</returns>
    public async Task<double> Insert(int events, int together, int streams, CancellationToken cancellationToken)
    {
        using var opened = store.Open();
        var names = Enumerable.Range(0, streams).Select(number => $"{Guid.NewGuid():N}-{number}").ToArray();
        await Task.WhenAll(names.Select(name => opened.AppendToStream(name, ExpectedVersion.NoStream, Payload.Event(Guid.NewGuid()), cancellationToken)));
        var position = await opened.ReadHeadPosition(cancellationToken);

        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { WriteBufferSize = 64 * 1024 });
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var numbers = await Numbers(connection, names, cancellationToken);
        var group = new Group(together);
        await using var command = group.Command(connection, schema);
        await command.PrepareAsync(cancellationToken);
        var ids = Enumerable.Range(0, events).Select(_ => Guid.NewGuid()).ToArray();
        var written = 0;
        var watch = Stopwatch.StartNew();
        for (; written + together <= events; written += together)
        {
            for (var index = 0; index < together; index++) group.Set(index, numbers[(written + index) % streams], 1 + (written + index) / streams, ++position, ids[written + index]);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        var rate = written / watch.Elapsed.TotalSeconds;
        // The store goes on from here in the next round.
        await using var head = new NpgsqlCommand($"update {schema}.all_stream_head set position = {position}", connection);
        await head.ExecuteNonQueryAsync(cancellationToken);
        return rate;
    }

    private async Task<int[]> Numbers(NpgsqlConnection connection, string[] names, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"select array_agg(id_internal) from {schema}.streams where id_original = any($1)", connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = names });
        var numbers = (int[])(await command.ExecuteScalarAsync(cancellationToken))!;
        // In the order of the table, neighbours would share pages of every index.
        new Random(Seed).Shuffle(numbers);
        return numbers;
    }

    private sealed class Group(int count)
    {
        private readonly int[] streams = new int[count];
        private readonly int[] versions = new int[count];
        private readonly long[] positions = new long[count];
        private readonly Guid[] ids = new Guid[count];
        private readonly string[] data = [.. Enumerable.Repeat(Payload.Data, count)];
        private readonly string[] metadata = [.. Enumerable.Repeat(Payload.Metadata, count)];

        public void Set(int index, int stream, int version, long position, Guid id) =>
            (streams[index], versions[index], positions[index], ids[index]) = (stream, version, position, id);

        public NpgsqlCommand Command(NpgsqlConnection connection, string schema)
        {
            var command = new NpgsqlCommand(
                $"""
                with changed as (
                    update {schema}.streams s set version = k.version, position = k.position
                    from unnest($1, $2, $3) as k (stream, version, position) where s.id_internal = k.stream)
                insert into {schema}.messages (stream_id_internal, stream_version, position, message_id, created_utc, type, json_data, json_metadata)
                select i.stream, i.version, i.position, i.id, now()::timestamp, '{Payload.Type}', i.data, i.metadata
                from unnest($1, $2, $3, $4, $5, $6) as i (stream, version, position, id, data, metadata)
                """, connection);
            Add(command, streams, NpgsqlDbType.Integer);
            Add(command, versions, NpgsqlDbType.Integer);
            Add(command, positions, NpgsqlDbType.Bigint);
            Add(command, ids, NpgsqlDbType.Uuid);
            Add(command, data, NpgsqlDbType.Jsonb);
            Add(command, metadata, NpgsqlDbType.Jsonb);
            return command;
        }

        private static void Add<T>(NpgsqlCommand command, T[] values, NpgsqlDbType element) =>
            command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | element });
    }
}
