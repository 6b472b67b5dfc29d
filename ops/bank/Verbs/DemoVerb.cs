using System.CommandLine;
using Bank.CommandLine.Demo;
using Bank.CommandLine.Running;
using Bank.CommandLine.Verification;
using Bank.LocalServers;
using Spectre.Console;

namespace Bank.CommandLine.Verbs;

/// <summary>Shows the whole bank at work, from start to proof.</summary>
internal static class DemoVerb
{
    private static readonly Option<bool> Keep = new("--keep") { Description = "Leave the bank running, and its data in place." };

    private static readonly Option<bool> Purge = new("--purge") { Description = "Throw away what an earlier bank left in the queues of the broker." };

    public static Command Make() => Verb.Make(
        "demo", "Starts a fresh bank, opens the sample accounts, executes a payroll file, shows statements, lets a service join that learns the past, builds every view anew, proves that everything adds up, and stops. Exit code 0 only if it does.",
        [Keep, Purge, CommonOptions.Transport, CommonOptions.Database, CommonOptions.RabbitMq, CommonOptions.PostgreSql, CommonOptions.Data, CommonOptions.Servers, CommonOptions.Json],
        Run);

    private static async Task<int> Run(ParseResult parse, CancellationToken cancellationToken)
    {
        var console = parse.GetValue(CommonOptions.Json) ? Verb.Silent() : AnsiConsole.Console;
        var stamp = DateTimeOffset.UtcNow.ToString("yyyyMMddHHmmss");
        using var ports = new ReservedPorts();
        var plan = await Planning.Make(CommonOptions.Run(parse, Path.Combine(parse.GetValue(CommonOptions.Data)!, "demo-" + stamp), "_demo_" + stamp), ports, cancellationToken);
        if (plan.RabbitMqConnection is { } broker) await TakeOver(broker, parse.GetValue(Purge), cancellationToken);
        var bank = new BankProcesses(plan);
        var exitCode = ExitCode.Refused;
        try
        {
            console.MarkupLine($"Starting {BankPlan.Endpoints.Length - 1} endpoints on {plan.Transport} and {plan.Database}");
            bank.StartAll(except: BankPlan.Insights);
            await bank.Ready(cancellationToken, except: BankPlan.Insights);
            var result = await new DemoScript(bank, console).Play(cancellationToken);
            if (parse.GetValue(CommonOptions.Json)) Verb.PrintJson(result);
            return exitCode = result.Holds ? ExitCode.Done : ExitCode.Refused;
        }
        finally
        {
            if (!parse.GetValue(Keep)) await bank.Stop();
            // What is left is about accounts that no other bank has.
            if (!parse.GetValue(Keep) && plan.RabbitMqConnection is { } used) await BrokerQueues.Purge(used, Queues, CancellationToken.None);
            if (!parse.GetValue(Keep) && exitCode == ExitCode.Done && plan.DatabaseConnections.Count == 0) Tidy(plan);
            else console.MarkupLine($"Data and logs are in {plan.DataDirectory}");
        }
    }

    private static string[] Queues => [.. BankPlan.Endpoints, "error"];

    // Endpoints are named alike in every bank: on one broker, the demo would take another bank's messages, or throw them away.
    private static async Task TakeOver(string broker, bool purge, CancellationToken cancellationToken)
    {
        foreach (var queue in await BrokerQueues.Look(broker, Queues, cancellationToken))
        {
            if (queue.Receivers > 0)
                throw new VerbException(ExitCode.Unavailable, $"A bank runs on this broker: something receives from {queue.Name}. Stop it ('bank down'), or name another broker with --rabbitmq.");
            if (queue.Messages > 0 && !purge)
                throw new VerbException(ExitCode.Unavailable, $"{queue.Messages} messages of another bank wait in {queue.Name}. Name another broker with --rabbitmq, or throw them away with --purge.");
        }

        await BrokerQueues.Purge(broker, Queues, cancellationToken);
    }

    // The report stays; everything else can be made again.
    private static void Tidy(BankPlan plan)
    {
        foreach (var folder in Directory.GetDirectories(plan.DataDirectory)) Directory.Delete(folder, recursive: true);
        foreach (var file in Directory.GetFiles(plan.DataDirectory).Where(file => !file.EndsWith(".xml", StringComparison.Ordinal))) File.Delete(file);
    }
}
