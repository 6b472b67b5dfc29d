using System.CommandLine;
using System.Text.Json;
using Bank.CommandLine.Client;
using Spectre.Console;

namespace Bank.CommandLine.Verbs;

/// <summary>Shows what happened to an account, from its stream.</summary>
internal static class HistoryVerb
{
    private static readonly Argument<string> Id = new("account") { Description = "The account." };
    private static readonly Option<int> From = new("--from") { Description = "The first version." };
    private static readonly Option<int> Limit = new("--limit") { Description = "At most so many events.", DefaultValueFactory = _ => 100 };

    public static Command Make() => Verb.Make(
        "history", "Shows an account's events from its stream: what, when, who, through which channel, and why; refusals too.",
        [Id, From, Limit, CommonOptions.Url, CommonOptions.Data, CommonOptions.Json], Run);

    private static async Task<int> Run(ParseResult parse, CancellationToken cancellationToken)
    {
        using var client = new BankClient(CommonOptions.UrlOf(parse));
        var id = parse.GetValue(Id)!;
        var history = await client.Get($"/accounts/{Uri.EscapeDataString(id)}/events?from={parse.GetValue(From)}&limit={parse.GetValue(Limit)}", cancellationToken)
            ?? throw new VerbException(ExitCode.Refused, $"Nothing is known of an account '{id}'.");
        if (parse.GetValue(CommonOptions.Json))
        {
            Verb.PrintJson(history);
            return ExitCode.Done;
        }

        var table = Verb.Table($"History of {id}", ">Version", "When", "What", "Details", "Who", "Channel", "Why");
        foreach (var item in history.GetProperty("events").EnumerateArray())
        {
            var data = item.GetProperty("data");
            var origin = data.GetProperty("origin");
            table.AddRow(
                Verb.Text(item, "version"), data.GetProperty("occurredAt").GetDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss.fff"), Verb.Text(item, "type"),
                Details(data), Verb.Text(origin, "requestedBy"), Verb.Text(origin, "channel"), Verb.Text(origin, "purpose"));
        }

        AnsiConsole.Write(table);
        return ExitCode.Done;
    }

    private static string Details(JsonElement data)
    {
        var unit = data.GetProperty("unitCurrency").GetString()!;
        var parts = new List<string>();
        if (data.TryGetProperty("amount", out var amount)) parts.Add(new Contracts.Money(amount.GetInt64(), unit).ToString());
        if (data.TryGetProperty("reason", out var reason)) parts.Add(reason.GetString()!);
        if (data.TryGetProperty("counterpartyAccountId", out var counterparty)) parts.Add("with " + counterparty.GetString());
        parts.Add("balance " + new Contracts.Money(data.GetProperty("balance").GetInt64(), unit));
        return Markup.Escape(string.Join(", ", parts));
    }
}
