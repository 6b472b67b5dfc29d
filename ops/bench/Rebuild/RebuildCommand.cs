using System.CommandLine;
using Bank.Benchmarks.Measuring;
using Spectre.Console;

namespace Bank.Benchmarks.Rebuild;

/// <summary><c>bench rebuild</c>.</summary>
internal static class RebuildCommand
{
    public static Command Make()
    {
        var events = new Option<int>("--events") { Description = "How many events the history has, of 1,000 accounts.", DefaultValueFactory = _ => 200_000 };
        var rounds = new Option<int>("--rounds") { Description = "How often each is measured; the median counts.", DefaultValueFactory = _ => 3 };
        events.Validators.Add(result => { if (result.GetValue(events) is < 10_000 or > 10_000_000) result.AddError("--events: must be from 10000 to 10000000."); });
        rounds.Validators.Add(result => { if (result.GetValue(rounds) <= 0) result.AddError("--rounds: must be more than 0."); });
        var json = new Option<bool>("--json") { Description = "Prints one JSON object instead of a table." };
        var command = new Command("rebuild", "Views of Bank.Projections built anew from a history, by the real processes on RabbitMQ and PostgreSQL, against reading that history alone.") { events, rounds, json };
        command.SetAction(async (parse, cancellationToken) =>
        {
            await using var servers = await BenchServers.Start(broker: true, cancellationToken);
            // A thousand accounts of equal length.
            var report = await new RebuildBench(servers, parse.GetValue(events) / 1000 * 1000, parse.GetValue(rounds)).Run(Console.Error.WriteLine, cancellationToken);
            if (parse.GetValue(json)) Console.WriteLine(report.ToJson());
            else report.Print(AnsiConsole.Console);
            return report.AllMet ? 0 : 1;
        });
        return command;
    }
}
