using System.CommandLine;
using Bank.CommandLine.Client;
using Spectre.Console;

namespace Bank.CommandLine.Verbs;

/// <summary>Shows a transfer.</summary>
internal static class TransferVerb
{
    private static readonly Argument<Guid> Id = new("transfer") { Description = "The transfer." };

    public static Command Make() => Verb.Make(
        "transfer", "Shows a transfer: where it stands, and why it failed.", [Id, CommonOptions.Url, CommonOptions.Data, CommonOptions.Json],
        async (parse, cancellationToken) =>
        {
            using var client = new BankClient(CommonOptions.UrlOf(parse));
            var id = parse.GetValue(Id);
            var transfer = await client.Get($"/transfers/{id}", cancellationToken) ?? throw new VerbException(ExitCode.Refused, $"There is no transfer '{id}'.");
            if (parse.GetValue(CommonOptions.Json))
            {
                Verb.PrintJson(transfer);
                return ExitCode.Done;
            }

            var grid = new Grid().AddColumns(2);
            foreach (var property in transfer.EnumerateObject())
                grid.AddRow($"[grey]{property.Name}[/]", property.Name == "amount" ? Verb.Money(property.Value) : Markup.Escape(property.Value.ToString()));
            AnsiConsole.Write(grid);
            return ExitCode.Done;
        });
}
