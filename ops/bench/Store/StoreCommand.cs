using System.CommandLine;
using Bank.Benchmarks.Measuring;
using Spectre.Console;

namespace Bank.Benchmarks.Store;

/// <summary><c>bench store</c>.</summary>
internal static class StoreCommand
{
    public static Command Make()
    {
        var events = new Option<int>("--events") { Description = "How many events each measurement takes.", DefaultValueFactory = _ => 40_000 };
        var longHistory = new Option<int>("--history") { Description = "How many events the account with a long history has.", DefaultValueFactory = _ => 200_000 };
        var rounds = new Option<int>("--rounds") { Description = "How often each is measured; the median counts.", DefaultValueFactory = _ => 5 };
        events.Validators.Add(result => { if (result.GetValue(events) < 4000) result.AddError("--events: must be 4000 or more."); });
        longHistory.Validators.Add(result => { if (result.GetValue(longHistory) < 1000) result.AddError("--history: must be 1000 or more."); });
        rounds.Validators.Add(result => { if (result.GetValue(rounds) <= 0) result.AddError("--rounds: must be more than 0."); });
        var json = new Option<bool>("--json") { Description = "Prints one JSON object instead of a table." };
        var output = new Option<DirectoryInfo?>("--output") { Description = "A folder for store.json and the picture store.png." };
        var command = new Command("store", "Events appended, read and followed on PostgreSQL, against bare Npgsql on the same server: one plain table, and the tables of the store.") { events, longHistory, rounds, json, output };
        command.SetAction(async (parse, cancellationToken) =>
        {
            await using var servers = await BenchServers.Start(broker: false, cancellationToken);
            var report = await new StoreBench(servers, parse.GetValue(events), parse.GetValue(longHistory), parse.GetValue(rounds)).Run(Console.Error.WriteLine, cancellationToken);
            if (parse.GetValue(output) is { } folder) Save(report, folder);
            if (parse.GetValue(json)) Console.WriteLine(report.ToJson());
            else report.Print(AnsiConsole.Console);
            return report.AllMet ? 0 : 1;
        });
        return command;
    }

    private static void Save(Report report, DirectoryInfo folder)
    {
        folder.Create();
        File.WriteAllText(Path.Combine(folder.FullName, "store.json"), report.ToJson() + Environment.NewLine);
        Picture.Save(report, "events/s", Path.Combine(folder.FullName, "store.png"));
    }
}
