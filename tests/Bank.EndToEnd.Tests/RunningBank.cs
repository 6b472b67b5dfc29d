using Bank.CommandLine.Client;
using Bank.CommandLine.Running;
using Bank.CommandLine.Verbs;
using Bank.LocalServers;

namespace Bank.EndToEnd.Tests;

/// <summary>All endpoints as processes, started and stopped as <c>bank up</c> does it.</summary>
public abstract class RunningBank : IAsyncLifetime
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), "bank-e2e-" + Guid.NewGuid().ToString("N"));
    private readonly ReservedPorts ports = new();
    private BankProcesses? processes;
    private BankClient? client;

    /// <summary>Why the bank cannot run here; null when it can.</summary>
    public virtual string? Missing => null;

    /// <summary>An endpoint that is not started with the others; null when all are.</summary>
    internal string? JoinsLater { get; init; }

    internal BankProcesses Processes => processes!;

    internal BankClient Client => client!;

    public async Task InitializeAsync()
    {
        if (Missing is not null) return;
        var options = new RunOptions
        {
            DataDirectory = folder,
            ServersDirectory = folder,
            Port = ports.Take(1)[0],
            Settings =
            {
                ["Bank:Transfers:TimeLimit"] = "00:01:00",
                ["Bank:Retries:Delayed"] = "1",
                ["Bank:Retries:DelayIncrease"] = "00:00:01",
                // A process that was killed leaves its leases behind, and whoever comes after waits for their end.
                ["Bank:Hub:TakeOverAfter"] = "00:00:02",
            },
        };
        processes = new BankProcesses(await Planning.Make(Choose(options), ports, CancellationToken.None));
        processes.StartAll(except: JoinsLater);
        await processes.Ready(CancellationToken.None, except: JoinsLater);
        client = new BankClient(processes.Plan.ChannelsUrl, "tester", "test");
    }

    public async Task DisposeAsync()
    {
        client?.Dispose();
        if (processes is not null) await processes.Stop();
        ports.Dispose();
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    /// <summary>The invariants that do not hold; empty when all do.</summary>
    public async Task<string[]> BrokenInvariants()
    {
        var results = await VerifyVerb.Verify(Processes.Plan, TimeSpan.FromSeconds(60), CancellationToken.None);
        return [.. results.SelectMany(result => result.Broken.Select(broken => $"{result.Name}: {broken}"))];
    }

    internal abstract RunOptions Choose(RunOptions options);
}

/// <summary>On files and SQLite: nothing to install.</summary>
public sealed class EmbeddedBank : RunningBank
{
    internal override RunOptions Choose(RunOptions options) => options;
}

/// <summary>On RabbitMQ and PostgreSQL.</summary>
public sealed class ServerBank : RunningBank
{
    private static readonly string? RabbitMq = Environment.GetEnvironmentVariable("BANK_TEST_RABBITMQ");
    private static readonly string? PostgreSql = Environment.GetEnvironmentVariable("BANK_TEST_POSTGRES");

    public override string? Missing =>
        string.IsNullOrEmpty(RabbitMq) || string.IsNullOrEmpty(PostgreSql) ? "BANK_TEST_RABBITMQ and BANK_TEST_POSTGRES name no servers." : null;

    internal override RunOptions Choose(RunOptions options) => options with
    {
        Transport = "rabbitmq",
        Database = "postgresql",
        RabbitMq = RabbitMq,
        PostgreSql = PostgreSql,
        DatabaseSuffix = "_e2e_" + Guid.NewGuid().ToString("N")[..8],
    };
}

/// <summary>One bank for all tests that do not mind what others do with it; to start one takes longer than most tests.</summary>
[CollectionDefinition(nameof(SharedEmbeddedBank))]
public sealed class SharedEmbeddedBank : ICollectionFixture<EmbeddedBank>;

/// <summary>The same on servers.</summary>
[CollectionDefinition(nameof(SharedServerBank))]
public sealed class SharedServerBank : ICollectionFixture<ServerBank>;
