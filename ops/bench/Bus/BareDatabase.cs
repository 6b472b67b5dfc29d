using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Bank.Benchmarks.Bus;

/// <summary>The floor of the outbox: one small transaction for each message.</summary>
internal sealed class BareDatabase(string connectionString)
{
    /// <returns>Commits per second.</returns>
    public async Task<double> Commit(int transactions, int connections, CancellationToken cancellationToken)
    {
        await using var source = new NpgsqlDataSourceBuilder(connectionString) { ConnectionStringBuilder = { MaxPoolSize = connections } }.Build();
        await using (var create = source.CreateCommand("drop table if exists floor; create table floor (id character varying(200) primary key, operations jsonb not null)"))
            await create.ExecuteNonQueryAsync(cancellationToken);
        var share = transactions / connections;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => Work(source, share, cancellationToken), cancellationToken)));
        return share * connections / watch.Elapsed.TotalSeconds;
    }

    private static async Task Work(NpgsqlDataSource source, int transactions, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("insert into floor (id, operations) values ($1, $2)", connection);
        var id = new NpgsqlParameter<string>();
        command.Parameters.Add(id);
        command.Parameters.Add(new NpgsqlParameter { Value = "[]", NpgsqlDbType = NpgsqlDbType.Jsonb });
        await command.PrepareAsync(cancellationToken);
        for (var index = 0; index < transactions; index++)
        {
            id.TypedValue = Guid.NewGuid().ToString();
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
