using Bank.LocalServers;
using Npgsql;

namespace Bank.Benchmarks.Measuring;

/// <summary>Private servers in a folder of their own, gone with it at the end.</summary>
public sealed class BenchServers : IAsyncDisposable
{
    private readonly string folder;
    private readonly PostgresServer postgres;
    private readonly RabbitMqServer? rabbit;

    private BenchServers(string folder, PostgresServer postgres, RabbitMqServer? rabbit)
    {
        this.folder = folder;
        this.postgres = postgres;
        this.rabbit = rabbit;
    }

    /// <summary>PostgreSQL as it is shipped: fsync and synchronous_commit on.</summary>
    public string PostgreSql => postgres.ConnectionString;

    public string RabbitMq => rabbit?.ConnectionString ?? throw new InvalidOperationException("This benchmark started no broker.");

    public static async Task<BenchServers> Start(bool broker, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("bank-bench-").FullName;
        // PostgreSQL runs as a user of its own, who must reach its folder.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        var postgres = await PostgresServer.StartAsync(Path.Combine(folder, "postgresql"), cancellationToken);
        try
        {
            var rabbit = broker ? await RabbitMqServer.StartAsync(Path.Combine(folder, "rabbitmq"), cancellationToken) : null;
            return new BenchServers(folder, postgres, rabbit);
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>Has PostgreSQL write down what is not yet on disk, so that a measurement does not pay for the one before it.</summary>
    public async Task Settle(CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(PostgreSql);
        await using var command = source.CreateCommand("checkpoint");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (rabbit is not null) await rabbit.DisposeAsync();
        await postgres.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
