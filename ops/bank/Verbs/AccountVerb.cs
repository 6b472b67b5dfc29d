using System.CommandLine;
using System.Text.Json;
using Bank.CommandLine.Client;
using Spectre.Console;

namespace Bank.CommandLine.Verbs;

/// <summary>Shows an account, now or as of an instant.</summary>
internal static class AccountVerb
{
    private static readonly Argument<string> Id = new("account") { Description = "The account." };
    private static readonly Option<DateTimeOffset?> AsOf = CommonOptions.Instant("--as-of", "The instant to look back to.");

    public static Command Make() => Verb.Make(
        "account", "Shows an account, now or as of an earlier instant, and what may be done with it.", [Id, AsOf, CommonOptions.Url, CommonOptions.Data, CommonOptions.Json], Run);

    public static async Task<JsonElement> Read(BankClient client, string id, DateTimeOffset? asOf, CancellationToken cancellationToken) =>
        await client.Get($"/accounts/{Uri.EscapeDataString(id)}" + (asOf is { } at ? $"?asOf={Uri.EscapeDataString(at.ToString("O"))}" : ""), cancellationToken)
        ?? throw new VerbException(ExitCode.Refused, asOf is null ? $"There is no account '{id}'." : $"Account '{id}' was not open at {asOf:O}.");

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
