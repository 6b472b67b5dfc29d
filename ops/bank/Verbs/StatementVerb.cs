using System.CommandLine;
using System.Text.Json;
using Bank.CommandLine.Client;
using Spectre.Console;

namespace Bank.CommandLine.Verbs;

/// <summary>Shows the bookings of an account.</summary>
internal static class StatementVerb
{
    private static readonly Argument<string> Id = new("account") { Description = "The account." };
    private static readonly Option<DateTimeOffset?> From = CommonOptions.Instant("--from", "The first instant, included.");
    private static readonly Option<DateTimeOffset?> To = CommonOptions.Instant("--to", "The last instant, excluded.");
    private static readonly Option<DateOnly?> ValueFrom = CommonOptions.Day("--value-from", "By value date: the first day.");
    private static readonly Option<DateOnly?> ValueDate = CommonOptions.Day("--value-date", "By value date: the last day.");
    private static readonly Option<DateTimeOffset?> KnownAt = CommonOptions.Instant("--known-at", "Leaves out what was recorded later.");
    private static readonly Option<int> Limit = new("--limit") { Description = "At most so many lines.", DefaultValueFactory = _ => 100 };
    private static readonly Option<long?> After = new("--after") { Description = "Continue after this version: 'next' of the page before." };

    public static Command Make() => Verb.Make(
        "statement", "Shows the bookings of an account with the running balance.", [Id, From, To, ValueFrom, ValueDate, KnownAt, Limit, After, CommonOptions.Url, CommonOptions.Data, CommonOptions.Json], Run);

    public static async Task<JsonElement> Read(BankClient client, string id, string query, CancellationToken cancellationToken) =>
        await client.Get($"/accounts/{Uri.EscapeDataString(id)}/statement?{query}", cancellationToken)
        ?? throw new VerbException(ExitCode.Refused, $"There is no account '{id}'.");

    public static void Print(IAnsiConsole console, JsonElement statement)
    {
        var table = Verb.Table($"Statement of {Verb.Text(statement, "accountId")}", "When", "Value date", "What", ">Amount", ">Balance", "Counterparty", "Channel");
        foreach (var line in statement.GetProperty("lines").EnumerateArray())
        {
            table.AddRow(
                line.GetProperty("occurredAt").GetDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss.fff"), Verb.Text(line, "valueDate"), Verb.Text(line, "kind"), Verb.Money(line.GetProperty("amount")),
                Verb.Money(line.GetProperty("balance")), Verb.Text(line, "counterpartyAccountId"), Verb.Text(line, "channel"));
        }

        console.Write(table);
        if (Verb.Text(statement, "next") is { Length: > 0 } next) console.MarkupLine($"There may be more: --after {next}");
    }

    private static async Task<int> Run(ParseResult parse, CancellationToken cancellationToken)
    {
        using var client = new BankClient(CommonOptions.UrlOf(parse));
        var query = new List<string> { $"limit={parse.GetValue(Limit)}" };
        if (parse.GetValue(From) is { } from) query.Add("from=" + Uri.EscapeDataString(from.ToString("O")));
        if (parse.GetValue(To) is { } to) query.Add("to=" + Uri.EscapeDataString(to.ToString("O")));
        if (parse.GetValue(ValueFrom) is { } valueFrom) query.Add($"valueFrom={valueFrom:yyyy-MM-dd}");
        if (parse.GetValue(ValueDate) is { } valueDate) query.Add($"valueDate={valueDate:yyyy-MM-dd}");
        if (parse.GetValue(KnownAt) is { } knownAt) query.Add("knownAt=" + Uri.EscapeDataString(knownAt.ToString("O")));
        if (parse.GetValue(After) is { } after) query.Add($"after={after}");
        var statement = await Read(client, parse.GetValue(Id)!, string.Join('&', query), cancellationToken);
        if (parse.GetValue(CommonOptions.Json)) Verb.PrintJson(statement);
        else Print(AnsiConsole.Console, statement);
        return ExitCode.Done;
    }
}
