using Bank.LocalServers;

namespace Bank.CommandLine.Running;

/// <summary>Turns options into a plan: finds servers, creates databases, takes ports.</summary>
internal static class Planning
{
    private const int PreferredPort = 5080;

    /// <param name="options">What a person chose.</param>
    /// <param name="ports">Holds the ports of the plan; to be kept for as long as endpoints may start, or start anew.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="VerbException">A server is needed and none is known.</exception>
    public static async Task<BankPlan> Make(RunOptions options, ReservedPorts ports, CancellationToken cancellationToken)
    {
        var plan = new BankPlan
        {
            DataDirectory = Path.GetFullPath(options.DataDirectory),
            Transport = options.Transport,
            Database = options.Database,
            RabbitMqConnection = options.Transport == "rabbitmq" ? options.RabbitMq ?? FindRabbitMq(options.ServersDirectory) : null,
            Urls = Addresses(options.Port, ports),
            Settings = options.Settings,
        };
        if (options.Database != "postgresql") return plan;
        var server = options.PostgreSql ?? FindPostgreSql(options.ServersDirectory);
        foreach (var endpoint in BankPlan.Endpoints)
        {
            var name = endpoint.Replace('.', '_').ToLowerInvariant() + options.DatabaseSuffix;
            plan.DatabaseConnections[endpoint] = await PostgresServer.CreateDatabaseAsync(server, name, cancellationToken);
        }

        return plan;
    }

    private static string FindRabbitMq(string servers) =>
        RabbitMqServer.Attach(Path.Combine(servers, "rabbitmq"))?.ConnectionString
        ?? throw new VerbException(ExitCode.Unavailable, "No RabbitMQ is known: 'bank servers up' starts one, or name yours with --rabbitmq or BANK_RABBITMQ.");

    private static string FindPostgreSql(string servers) =>
        PostgresServer.Attach(Path.Combine(servers, "postgresql"))?.ConnectionString
        ?? throw new VerbException(ExitCode.Unavailable, "No PostgreSQL is known: 'bank servers up' starts one, or name yours with --postgresql or BANK_POSTGRESQL.");

    private static Dictionary<string, string> Addresses(int? port, ReservedPorts ports)
    {
        var free = ports.Take(BankPlan.Endpoints.Length);
        var urls = new Dictionary<string, string>();
        for (var index = 0; index < free.Length; index++) urls[BankPlan.Endpoints[index]] = $"http://127.0.0.1:{free[index]}";
        urls["Bank.Channels"] = $"http://127.0.0.1:{port ?? (FreePorts.IsFree(PreferredPort) ? PreferredPort : free[^1])}";
        return urls;
    }
}

/// <summary>What a person chose.</summary>
internal sealed record RunOptions
{
    public required string DataDirectory { get; init; }

    public string Transport { get; init; } = "learning";

    public string Database { get; init; } = "sqlite";

    public string? RabbitMq { get; init; }

    public string? PostgreSql { get; init; }

    public required string ServersDirectory { get; init; }

    public int? Port { get; init; }

    public string DatabaseSuffix { get; init; } = "";

    public Dictionary<string, string> Settings { get; init; } = [];
}
