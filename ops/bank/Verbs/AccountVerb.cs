using System.CommandLine;
using System.Text.Json;
using Bank.CommandLine.Client;
using Spectre.Console;

namespace Bank.CommandLine.Verbs;

/// <summary>Shows an account, now or as of an instant, or its balance over time.</summary>
internal static class AccountVerb
{
    private static readonly Argument<string> Id = new("account") { Description = "The account." };
    private static readonly Option<DateTimeOffset?> AsOf = CommonOptions.Instant("--as-of", "The instant to look back to.");
    private static readonly Option<bool> Chart = new("--chart") { Description = "Shows the balance at the end of each day, by value date, as a chart; with --json the days." };
    private static readonly Option<DateOnly?> From = CommonOptions.Day("--from", "With --chart: the first day; 30 days in all when left out.");
    private static readonly Option<DateOnly?> To = CommonOptions.Day("--to", "With --chart: the last day; today when left out.");
    private static readonly Option<DateTimeOffset?> KnownAt = CommonOptions.Instant("--known-at", "With --chart: leaves out what was recorded later.");

    public static Command Make() => Verb.Make(
        "account", "Shows an account, now or as of an earlier instant, and what may be done with it; or its balance over time.",
        [Id, AsOf, Chart, From, To, KnownAt, CommonOptions.Url, CommonOptions.Data, CommonOptions.Json], Run);

    public static async Task<JsonElement> Read(BankClient client, string id, DateTimeOffset? asOf, CancellationToken cancellationToken) =>
        await client.Get($"/accounts/{Uri.EscapeDataString(id)}" + (asOf is { } at ? $"?asOf={Uri.EscapeDataString(at.ToString("O"))}" : ""), cancellationToken)
        ?? throw new VerbException(ExitCode.Refused, asOf is null ? $"There is no account '{id}'." : $"Account '{id}' was not open at {asOf:O}.");

    /// <exception cref="VerbException">There is no such account, or the days cannot be answered.</exception>
    public static async Task<JsonElement> ReadDays(BankClient client, string id, DateOnly? from, DateOnly? to, DateTimeOffset? knownAt, CancellationToken cancellationToken)
    {
        var query = new List<string>();
        if (from is { } first) query.Add($"from={first:yyyy-MM-dd}");
        if (to is { } last) query.Add($"to={last:yyyy-MM-dd}");
        if (knownAt is { } instant) query.Add("knownAt=" + Uri.EscapeDataString(instant.ToString("O")));
        return await client.Get($"/accounts/{Uri.EscapeDataString(id)}/end-of-day?{string.Join('&', query)}", cancellationToken)
            ?? throw new VerbException(ExitCode.Refused, $"There is no account '{id}'.");
    }

    public static void Print(IAnsiConsole console, JsonElement account)
    {
        var grid = new Grid().AddColumns(2);
        foreach (var (label, property) in new[] { ("Account", "accountId"), ("Status", "status"), ("As of", "asOf"), ("Balance", "balance"), ("Available", "available"), ("Overdraft limit", "overdraftLimit"), ("Version", "version") })
        {
            if (!account.TryGetProperty(property, out var value)) continue;
            grid.AddRow($"[grey]{label}[/]", value.ValueKind == JsonValueKind.Object ? Verb.Money(value) : Markup.Escape(value.ToString()));
        }

        console.Write(grid);
    }

    private static async Task<int> Run(ParseResult parse, CancellationToken cancellationToken)
    {
        var chart = parse.GetValue(Chart);
        if (chart && parse.GetValue(AsOf) is not null) throw new VerbException(ExitCode.Malformed, "--as-of: cannot be combined with --chart; --known-at can.");
        if (!chart && (parse.GetValue(From) ?? parse.GetValue(To)) is not null) throw new VerbException(ExitCode.Malformed, "--from, --to: belong to --chart.");
        if (!chart && parse.GetValue(KnownAt) is not null) throw new VerbException(ExitCode.Malformed, "--known-at: belongs to --chart.");
        return chart ? await ShowDays(parse, cancellationToken) : await Show(parse, cancellationToken);
    }

    private static async Task<int> ShowDays(ParseResult parse, CancellationToken cancellationToken)
    {
        using var client = new BankClient(CommonOptions.UrlOf(parse));
        var days = await ReadDays(client, parse.GetValue(Id)!, parse.GetValue(From), parse.GetValue(To), parse.GetValue(KnownAt), cancellationToken);
        if (parse.GetValue(CommonOptions.Json)) Verb.PrintJson(days);
        else BalanceChart.Print(AnsiConsole.Console, days);
        return ExitCode.Done;
    }

    private static async Task<int> Show(ParseResult parse, CancellationToken cancellationToken)
    {
        using var client = new BankClient(CommonOptions.UrlOf(parse));
        var id = parse.GetValue(Id)!;
        var account = await Read(client, id, parse.GetValue(AsOf), cancellationToken);
        if (parse.GetValue(CommonOptions.Json))
        {
            Verb.PrintJson(account);
            return ExitCode.Done;
        }

        Print(AnsiConsole.Console, account);
        if (parse.GetValue(AsOf) is null && await client.Get($"/accounts/{Uri.EscapeDataString(id)}/commands", cancellationToken) is { } commands)
        {
            var table = Verb.Table("What may be done now", "Command", "Why not");
            foreach (var command in commands.GetProperty("commands").EnumerateArray())
                table.AddRow(command.GetProperty("allowed").GetBoolean() ? $"[green]{Verb.Text(command, "name")}[/]" : $"[grey]{Verb.Text(command, "name")}[/]", Verb.Text(command, "reason"));
            AnsiConsole.Write(table);
        }

        return ExitCode.Done;
    }
}
