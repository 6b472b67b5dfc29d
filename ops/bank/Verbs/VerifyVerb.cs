using System.CommandLine;
using Bank.CommandLine.Running;
using Bank.CommandLine.Verification;
using Spectre.Console;

namespace Bank.CommandLine.Verbs;

/// <summary>Proves that stores, views, transfers, ledger and published events agree.</summary>
internal static class VerifyVerb
{
    private static readonly Option<int> Wait = new("--wait")
    {
        Description = "How many seconds to wait for messages that are still on their way.", DefaultValueFactory = _ => 30,
    };

    public static Command Make() => Verb.Make(
        "verify", "Proves that stores, views, transfers, ledger and published events agree, running or stopped. Exit code 1 when one does not; it is named.",
        [Wait, CommonOptions.Data, CommonOptions.Json], Run);

    /// <summary>Checks again and again until everything holds or the time is over: views follow their events a little later.</summary>
    public static async Task<IReadOnlyList<CheckResult>> Verify(BankPlan plan, TimeSpan wait, CancellationToken cancellationToken)
    {
        var deadline = DateTimeOffset.UtcNow + wait;
        while (true)
        {
            var results = Checks.All(await new FactReader(plan).Read(cancellationToken));
            if (results.All(result => result.Holds) || DateTimeOffset.UtcNow > deadline) return results;
            await Task.Delay(500, cancellationToken);
        }
    }

    public static void Print(IAnsiConsole console, IReadOnlyList<CheckResult> results)
    {
        var table = Verb.Table("Verification", "", "Invariant", ">Compared", "");
        foreach (var result in results)
            table.AddRow(result.Holds ? "[green]holds[/]" : "[red]broken[/]", Markup.Escape(result.Name), result.Compared.ToString("N0"), result.What);
        console.Write(table);
        foreach (var broken in results.SelectMany(result => result.Broken.Take(20))) console.MarkupLine($"[red]broken:[/] {Markup.Escape(broken)}");
    }

    private static async Task<int> Run(ParseResult parse, CancellationToken cancellationToken)
    {
        var plan = RunState.Require(parse.GetValue(CommonOptions.Data)!).Plan;
        var results = await Verify(plan, TimeSpan.FromSeconds(parse.GetValue(Wait)), cancellationToken);
        if (parse.GetValue(CommonOptions.Json)) Verb.PrintJson(new { holds = results.All(result => result.Holds), checks = results });
        else Print(AnsiConsole.Console, results);
        return results.All(result => result.Holds) ? ExitCode.Done : ExitCode.Refused;
    }
}
