using System.CommandLine;
using Bank.CommandLine.Client;
using Spectre.Console;

namespace Bank.CommandLine.Verbs;

/// <summary>Shows a transfer, or its steps across services.</summary>
internal static class TransferVerb
{
    private static readonly Argument<Guid> Id = new("transfer") { Description = "The transfer." };
    private static readonly Option<bool> Steps = new("--steps") { Description = "Shows every step across services in order of time, from the journal of transfers and from both accounts." };

    public static Command Make() => Verb.Make(
        "transfer", "Shows a transfer: where it stands, and why it failed; or each of its steps across services.",
        [Id, Steps, CommonOptions.Url, CommonOptions.Data, CommonOptions.Json], Run);

    public static void Print(IAnsiConsole console, Guid id, IReadOnlyList<TransferStep> steps)
    {
        var table = Verb.Table($"Steps of {id}", "When", "Service", "Account", "What", ">Amount", "Reason", "Event");
        foreach (var step in steps)
        {
            table.AddRow(
                step.OccurredAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff"), step.Service, Markup.Escape(step.AccountId ?? ""), Markup.Escape(step.Type),
                step.Amount?.ToString() ?? "", Markup.Escape(step.Reason ?? ""), step.EventId.ToString());
        }

        console.Write(table);
    }

    private static async Task<int> Run(ParseResult parse, CancellationToken cancellationToken)
    {
        using var client = new BankClient(CommonOptions.UrlOf(parse));
        var id = parse.GetValue(Id);
        if (parse.GetValue(Steps)) await ShowSteps(client, id, parse.GetValue(CommonOptions.Json), cancellationToken);
        else await Show(client, id, parse.GetValue(CommonOptions.Json), cancellationToken);
        return ExitCode.Done;
    }

    private static async Task ShowSteps(BankClient client, Guid id, bool json, CancellationToken cancellationToken)
    {
        var steps = await new TransferSteps(client, id).Read(cancellationToken) ?? throw Unknown(id);
        if (json) Verb.PrintJson(new { transferId = id, steps });
        else Print(AnsiConsole.Console, id, steps);
    }

    private static async Task Show(BankClient client, Guid id, bool json, CancellationToken cancellationToken)
    {
        var transfer = await client.Get($"/transfers/{id}", cancellationToken) ?? throw Unknown(id);
        if (json)
        {
            Verb.PrintJson(transfer);
            return;
        }

        var grid = new Grid().AddColumns(2);
        foreach (var property in transfer.EnumerateObject())
            grid.AddRow($"[grey]{property.Name}[/]", property.Name == "amount" ? Verb.Money(property.Value) : Markup.Escape(property.Value.ToString()));
        AnsiConsole.Write(grid);
    }

    private static VerbException Unknown(Guid id) => new(ExitCode.Refused, $"There is no transfer '{id}'.");
}
