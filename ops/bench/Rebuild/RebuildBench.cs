using Bank.Benchmarks.Measuring;
using Bank.CommandLine.Client;
using Bank.CommandLine.Running;
using Bank.CommandLine.Verbs;
using Bank.LocalServers;

namespace Bank.Benchmarks.Rebuild;

/// <summary>Measures rebuilds by the processes of the bank: read from the store, sent over the broker, written into tables. Beside it, reading alone.</summary>
internal sealed class RebuildBench(BenchServers servers, int events, int rounds)
{
    private const string Owner = "Bank.Projections";
    private const double Wanted = 20_000;

    // Who has the history, whoever has none of it but is asked all the same, and who makes views of it.
    private static readonly string[] Endpoints = ["Bank.Accounts", "Bank.Transfers", Owner];

    public async Task<Report> Run(Action<string> progress, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("bank-bench-").FullName;
        using var ports = new ReservedPorts();
        var plan = await Planning.Make(
            new RunOptions { DataDirectory = folder, ServersDirectory = folder, Transport = "rabbitmq", Database = "postgresql", RabbitMq = servers.RabbitMq, PostgreSql = servers.PostgreSql }, ports, cancellationToken);
        var history = new History(plan.DatabaseConnections["Bank.Accounts"]);
        progress($"writing a history of {events} events");
        await history.Write(events, cancellationToken);
        var bank = new BankProcesses(plan);
        try
        {
            foreach (var endpoint in Endpoints) bank.Start(endpoint);
            using var client = new ProjectionClient(plan.Urls[Owner]);
            progress("filling the tables for the first time");
            await Filled(client, cancellationToken);
            return await Measure(history, client, progress, cancellationToken);
        }
        finally
        {
            await bank.Stop();
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<Report> Measure(History history, ProjectionClient client, Action<string> progress, CancellationToken cancellationToken)
    {
        var (read, one, all) = (new List<double>(), new List<double>(), new List<double>());
        // The first round warms up.
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var (runs, name, measure) in new (List<double>, string, Func<Task<double>>)[]
            {
                (read, "read all", () => history.ReadAll(cancellationToken)),
                (one, "rebuild of statement", () => Rebuild(client, "statement", cancellationToken)),
                (all, "rebuild of all views", () => Rebuild(client, null, cancellationToken)),
            })
            {
                var value = await measure();
                if (round > 0) runs.Add(value);
                progress($"round {round} of {rounds}: {name}: {value:0}");
            }
        }

        var report = new Report("rebuild");
        var reading = new Figure("read all", "events/s", read);
        var statement = new Figure("rebuild of statement", "events/s", one);
        var views = new Figure("rebuild of all views", "events/s", all);
        report.Add(reading);
        report.AddAtLeast(statement, Wanted);
        report.Add(views);
        report.AddRatio("rebuild of statement to read all", statement, reading, null);
        report.AddRatio("rebuild of all views to read all", views, reading, null);
        return report;
    }

    private async Task<double> Rebuild(ProjectionClient client, string? name, CancellationToken cancellationToken)
    {
        var fill = (await RebuildVerb.Rebuild(client, name, Verb.Silent(), cancellationToken))[0].Rebuild!;
        return fill is { State: "Done", EndedAt: { } ended } && fill.Events >= events
            ? fill.Events / (ended - fill.StartedAt).TotalSeconds
            : throw new InvalidOperationException($"The rebuild ended as {fill.State} with {fill.Events} events. {fill.Error}");
    }

    private static async Task Filled(ProjectionClient client, CancellationToken cancellationToken)
    {
        var names = (await client.Read(cancellationToken)).Select(projection => projection.Name).ToHashSet();
        await RebuildVerb.Watch(client, names, Verb.Silent(), cancellationToken);
    }
}
