using System.CommandLine;
using Bank.Benchmarks.Measuring;
using Spectre.Console;

namespace Bank.Benchmarks.Bus;

/// <summary><c>bench bus</c>.</summary>
internal static class BusCommand
{
    public static Command Make()
    {
        var messages = new Option<int>("--messages") { Description = "How many messages each measurement takes.", DefaultValueFactory = _ => 20_000 };
        var rounds = new Option<int>("--rounds") { Description = "How often each is measured; the median counts.", DefaultValueFactory = _ => 5 };
        var concurrency = new Option<int>("--concurrency") { Description = "How many messages are handled at a time.", DefaultValueFactory = _ => 100 };
        foreach (var option in new[] { messages, rounds, concurrency })
            option.Validators.Add(result => { if (result.GetValue(option) <= 0) result.AddError($"{option.Name}: must be more than 0."); });
        var json = new Option<bool>("--json") { Description = "Prints one JSON object instead of a table." };
        var command = new Command("bus", "Messages sent, received by an empty handler, and received with the outbox, against bare RabbitMQ.Client and bare Npgsql.")
        {
            messages, rounds, concurrency, json,
        };
        command.SetAction(async (parse, cancellationToken) =>
        {
            await using var servers = await BenchServers.Start(broker: true, cancellationToken);
            var bench = new BusBench(servers, parse.GetValue(messages), parse.GetValue(rounds), parse.GetValue(concurrency));
            var report = await bench.Run(Console.Error.WriteLine, cancellationToken);
            if (parse.GetValue(json)) Console.WriteLine(report.ToJson());
            else report.Print(AnsiConsole.Console);
            return report.AllMet ? 0 : 1;
        });
        return command;
    }
}
