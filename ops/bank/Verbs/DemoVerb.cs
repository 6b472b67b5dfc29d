using System.CommandLine;
using Bank.CommandLine.Demo;
using Bank.CommandLine.Running;
using Bank.CommandLine.Verification;
using Spectre.Console;

namespace Bank.CommandLine.Verbs;

/// <summary>Shows the whole bank at work, from start to proof.</summary>
internal static class DemoVerb
{
    private static readonly Option<bool> Keep = new("--keep") { Description = "Leave the bank running, and its data in place." };

    public static Command Make() => Verb.Make(
        "demo", "Starts a fresh bank, opens the sample accounts, executes a payroll file, shows statements, proves that everything adds up, and stops. Exit code 0 only if it does.",
        [Keep, CommonOptions.Transport, CommonOptions.Database, CommonOptions.RabbitMq, CommonOptions.PostgreSql, CommonOptions.Data, CommonOptions.Servers, CommonOptions.Json],
        Run);

    private static async Task<int> Run(ParseResult parse, CancellationToken cancellationToken)
    {
        var console = parse.GetValue(CommonOptions.Json) ? Verb.Silent() : AnsiConsole.Console;
        var stamp = DateTimeOffset.UtcNow.ToString("yyyyMMddHHmmss");
        var plan = await Planning.Make(CommonOptions.Run(parse, Path.Combine(parse.GetValue(CommonOptions.Data)!, "demo-" + stamp), "_demo_" + stamp), cancellationToken);
        // What an earlier bank left on the broker belongs to accounts that this one does not have.
        if (plan.RabbitMqConnection is { } broker) await BrokerQueues.Purge(broker, [.. BankPlan.Endpoints, "error"], cancellationToken);
        var bank = new BankProcesses(plan);
        var exitCode = ExitCode.Refused;
        try
        {
            console.MarkupLine($"Starting {BankPlan.Endpoints.Length} endpoints on {plan.Transport} and {plan.Database}");
            bank.Start();
            await bank.Ready(cancellationToken);
            var result = await new DemoScript(plan, console).Play(cancellationToken);
            if (parse.GetValue(CommonOptions.Json)) Verb.PrintJson(result);
            return exitCode = result.Holds ? ExitCode.Done : ExitCode.Refused;
        }
        finally
        {
            if (!parse.GetValue(Keep)) await bank.Stop();
            if (!parse.GetValue(Keep) && exitCode == ExitCode.Done && plan.DatabaseConnections.Count == 0) Tidy(plan);
            else console.MarkupLine($"Data and logs are in {plan.DataDirectory}");
        }
    }

    // The report stays; everything else can be made again.
    private static void Tidy(BankPlan plan)
    {
        foreach (var folder in Directory.GetDirectories(plan.DataDirectory)) Directory.Delete(folder, recursive: true);
        foreach (var file in Directory.GetFiles(plan.DataDirectory).Where(file => !file.EndsWith(".xml", StringComparison.Ordinal))) File.Delete(file);
    }
}
