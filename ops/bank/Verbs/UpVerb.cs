using System.CommandLine;
using Bank.CommandLine.Running;
using Bank.LocalServers;
using Spectre.Console;

namespace Bank.CommandLine.Verbs;

/// <summary>Starts the bank and shows its health, or leaves it running.</summary>
internal static class UpVerb
{
    private static readonly Option<bool> Detach = new("--detach") { Description = "Return when every endpoint is ready, and leave them running." };

    private static readonly Option<int?> Port = new("--port") { Description = "The port of the channel gateway on 127.0.0.1; 5080 when that is free." };

    public static Command Make() => Verb.Make(
        "up", "Starts every endpoint as a process of its own, shows their health, and stops them with Ctrl-C.",
        [
            Detach, Port, CommonOptions.Transport, CommonOptions.Database, CommonOptions.RabbitMq, CommonOptions.PostgreSql, CommonOptions.Data,
            CommonOptions.Servers, CommonOptions.Json,
        ],
        Run);

    private static async Task<int> Run(ParseResult parse, CancellationToken cancellationToken)
    {
        var options = CommonOptions.Run(parse) with { Port = parse.GetValue(Port) };
        using var ports = new ReservedPorts();
        var bank = new BankProcesses(await PlanFor(options, ports, cancellationToken));
        bank.StartAll();
        try
        {
            await bank.Ready(cancellationToken);
        }
        catch
        {
            await bank.Stop();
            throw;
        }

        if (parse.GetValue(CommonOptions.Json)) Verb.PrintJson(await StatusVerb.Describe(bank, cancellationToken));
        else AnsiConsole.MarkupLine($"The bank is open at [link]{bank.Plan.ChannelsUrl}[/]; its API is described at [link]{bank.Plan.ChannelsUrl}/docs[/].");
        if (parse.GetValue(Detach)) return ExitCode.Done;
        await Watch(bank, quietly: parse.GetValue(CommonOptions.Json), cancellationToken);
        return ExitCode.Done;
    }

    // A bank that runs already keeps its addresses and servers; what is missing of it is started.
    private static async Task<BankPlan> PlanFor(RunOptions options, ReservedPorts ports, CancellationToken cancellationToken)
    {
        var running = RunState.Read(Path.GetFullPath(options.DataDirectory));
        if (running is not null && BankPlan.Endpoints.Any(endpoint => new BankProcesses(running.Plan).Find(endpoint) is not null))
        {
            return BankPlan.Endpoints.All(running.Plan.Urls.ContainsKey)
                ? running.Plan
                : throw new VerbException(ExitCode.Refused, "The bank that runs there was started by an older program, which has fewer endpoints. Stop it first: 'bank down'.");
        }

        return await Planning.Make(options, ports, cancellationToken);
    }

    private static async Task Watch(BankProcesses bank, bool quietly, CancellationToken cancellationToken)
    {
        try
        {
            if (quietly) await Task.Delay(Timeout.Infinite, cancellationToken);
            else await ShowHealth(bank, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C.
        }

        if (!quietly) AnsiConsole.MarkupLine("Closing; what is being handled is finished first.");
        await bank.Stop();
    }

    private static Task ShowHealth(BankProcesses bank, CancellationToken cancellationToken) =>
        AnsiConsole.Live(new Markup("")).StartAsync(async live =>
        {
            while (true)
            {
                live.UpdateTarget(await StatusVerb.Draw(bank, cancellationToken));
                live.Refresh();
                await Task.Delay(1000, cancellationToken);
            }
        });
}
