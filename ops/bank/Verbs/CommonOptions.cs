using System.CommandLine;
using Bank.CommandLine.Running;

namespace Bank.CommandLine.Verbs;

/// <summary>Options that several verbs share.</summary>
internal static class CommonOptions
{
    public static readonly Option<bool> Json = new("--json") { Description = "Print one JSON document and nothing else." };

    public static readonly Option<string> Data = new("--data")
    {
        Description = "The data directory of the bank.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("BANK_DATA") ?? ".bank",
    };

    public static readonly Option<string> Servers = new("--servers")
    {
        Description = "The folder of the private servers.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("BANK_SERVERS") ?? ".bank-servers",
    };

    public static readonly Option<string?> Url = new("--url")
    {
        Description = "The address of the channel gateway; that of the running bank when left out.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("BANK_URL"),
    };

    public static readonly Option<string> Transport = Choice("--transport", "How messages travel.", "learning", "rabbitmq");

    public static readonly Option<string> Database = Choice("--database", "Where endpoints keep their data.", "sqlite", "postgresql");

    public static readonly Option<string?> RabbitMq = new("--rabbitmq")
    {
        Description = "Connection string of RabbitMQ; that of 'bank servers' when left out.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("BANK_RABBITMQ"),
    };

    public static readonly Option<string?> PostgreSql = new("--postgresql")
    {
        Description = "Connection string of PostgreSQL; that of 'bank servers' when left out.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("BANK_POSTGRESQL"),
    };

    public static RunOptions Run(ParseResult parse, string? dataDirectory = null, string databaseSuffix = "") => new()
    {
        DataDirectory = dataDirectory ?? parse.GetValue(Data)!,
        ServersDirectory = parse.GetValue(Servers)!,
        Transport = parse.GetValue(Transport)!,
        Database = parse.GetValue(Database)!,
        RabbitMq = parse.GetValue(RabbitMq),
        PostgreSql = parse.GetValue(PostgreSql),
        DatabaseSuffix = databaseSuffix,
    };

    /// <exception cref="VerbException">No address was given and no bank was started.</exception>
    public static string UrlOf(ParseResult parse) => parse.GetValue(Url) ?? RunState.Require(parse.GetValue(Data)!).Plan.ChannelsUrl;

    private static Option<string> Choice(string name, string description, params string[] values)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => values[0] };
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
