using System.CommandLine;
using System.Globalization;
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

    private static readonly string[] InstantForms = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    /// <summary>An option that takes an instant. Without an offset it is UTC, whatever the time zone of the machine.</summary>
    public static Option<DateTimeOffset?> Instant(string name, string description) => new(name)
    {
        Description = description + " For example 2026-03-31T12:00:00Z; a date, or an instant without an offset, is UTC.",
        CustomParser = result =>
        {
            var text = result.Tokens.Single().Value;
            if (DateTimeOffset.TryParseExact(text, InstantForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)) return instant;
            result.AddError($"{name}: '{text}' is not an instant such as 2026-03-31T12:00:00Z.");
            return null;
        },
    };

    /// <summary>An option that takes a day of the calendar in UTC, <c>yyyy-MM-dd</c>.</summary>
    public static Option<DateOnly?> Day(string name, string description) => new(name)
    {
        Description = description + " For example 2026-03-31, in UTC.",
        CustomParser = result =>
        {
            var text = result.Tokens.Single().Value;
            if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
            result.AddError($"{name}: '{text}' is not a day such as 2026-03-31.");
            return null;
        },
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

    /// <exception cref="VerbException">No address was given and no bank was started, or the address is none.</exception>
    public static string UrlOf(ParseResult parse)
    {
        var url = parse.GetValue(Url) ?? RunState.Require(parse.GetValue(Data)!).Plan.ChannelsUrl;
        return Uri.TryCreate(url, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https")
            ? url
            : throw new VerbException(ExitCode.Malformed, $"--url: '{url}' is not an http address.");
    }

    private static Option<string> Choice(string name, string description, params string[] values)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => values[0] };
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
