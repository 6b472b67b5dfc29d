namespace Bank.CommandLine.Running;

/// <summary>How a bank is to run: where, on what, and which endpoint at which address.</summary>
internal sealed record BankPlan
{
    public const string Insights = "Bank.Insights";

    public static readonly string[] Endpoints = ["Bank.Accounts", "Bank.Projections", "Bank.Transfers", Insights, "Bank.Channels"];

    /// <summary>Those that keep projections.</summary>
    public static readonly string[] WithProjections = ["Bank.Projections", "Bank.Transfers", Insights];

    /// <summary>Those that publish what they store.</summary>
    public static readonly string[] WithHubs = ["Bank.Accounts", "Bank.Transfers", Insights];

    public required string DataDirectory { get; init; }

    /// <summary><c>learning</c> or <c>rabbitmq</c>.</summary>
    public required string Transport { get; init; }

    /// <summary><c>sqlite</c> or <c>postgresql</c>.</summary>
    public required string Database { get; init; }

    public string? RabbitMqConnection { get; init; }

    /// <summary>By endpoint; empty on SQLite.</summary>
    public Dictionary<string, string> DatabaseConnections { get; init; } = [];

    /// <summary>By endpoint.</summary>
    public required Dictionary<string, string> Urls { get; init; }

    /// <summary>Further settings for every endpoint.</summary>
    public Dictionary<string, string> Settings { get; init; } = [];

    public string ChannelsUrl => Urls["Bank.Channels"];

    public Dictionary<string, string> EnvironmentOf(string endpoint)
    {
        var environment = new Dictionary<string, string>
        {
            ["Bank__Transport"] = Transport,
            ["Bank__Database"] = Database,
            ["Bank__DataDirectory"] = DataDirectory,
            ["ASPNETCORE_URLS"] = Urls[endpoint],
            ["Bank__Services__Accounts"] = Urls["Bank.Accounts"],
            ["Bank__Services__Projections"] = Urls["Bank.Projections"],
            ["Bank__Services__Transfers"] = Urls["Bank.Transfers"],
        };
        if (RabbitMqConnection is not null) environment["ConnectionStrings__RabbitMQ"] = RabbitMqConnection;
        if (DatabaseConnections.TryGetValue(endpoint, out var connection)) environment["ConnectionStrings__Database"] = connection;
        foreach (var (key, value) in Settings) environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        return environment;
    }
}
