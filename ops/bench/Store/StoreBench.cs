using System.Globalization;
using Bank.Benchmarks.Measuring;

namespace Bank.Benchmarks.Store;

/// <summary>Measures the store and its floors in turns, the order reversed in every other round.</summary>
internal sealed class StoreBench(BenchServers servers, int events, int longHistory, int rounds)
{
    private const string Schema = "bench";
    // Of their own, so that the histories do not count for what is read of the other.
    private const string AccountsSchema = "bench_accounts";
    private const string CeilingSchema = "bench_ceiling";
    private const int Streams = 1000;
    private const int LatencyAppends = 2500;
    private const int WarmUps = 2;
    private const int Commands = 400;

    private readonly BareTable bare = new(servers.PostgreSql);
    private readonly StoreUnderTest store = new(servers.PostgreSql, Schema);
    private readonly StoreUnderTest ceiling = new(servers.PostgreSql, CeilingSchema);
    private readonly StoreUnderTest accounts = new(servers.PostgreSql, AccountsSchema);
    private readonly Dictionary<string, List<double>> runs = [];
    private LongAccount? account;

    private string LongHistory => string.Create(CultureInfo.InvariantCulture, $"account of {longHistory:#,0} events");

    private const string Ceiling = "groups of 128 into the same tables, bare";

    private static string ShortHistory => $"account of {LongAccount.ShortHistory} events";

    public async Task<Report> Run(Action<string> progress, CancellationToken cancellationToken)
    {
        await bare.Create(cancellationToken);
        await store.Create(cancellationToken);
        await accounts.Create(cancellationToken);
        await ceiling.Create(cancellationToken);
        account = new LongAccount(accounts.Open, longHistory);
        await account.Create(cancellationToken);
        // The first rounds warm up: compilers, caches, the files of the server.
        for (var round = 1 - WarmUps; round <= rounds; round++)
        {
            var steps = Steps(cancellationToken);
            if (round % 2 != 0) steps.Reverse();
            foreach (var (name, measure) in steps)
            {
                await servers.Settle(cancellationToken);
                foreach (var (figure, value) in await measure())
                {
                    if (round > 0) Runs(figure).Add(value);
                    progress($"round {round} of {rounds}: {figure}: {value:0.##}");
                }
            }
        }

        return Summary();
    }

    private List<(string Name, Func<Task<List<(string, double)>>> Measure)> Steps(CancellationToken cancellationToken) =>
    [
        Floor("insert, 1 client", 1, 1, events / 4),
        Appends("append, 1 writer", 1, Streams, events / 4),
        Floor("insert, 16 clients", 1, 16, events),
        Appends("append, 16 writers", 16, Streams, events),
        Appends("append, 128 writers", 128, Streams, events),
        Appends("append to one stream, 128 writers", 128, 1, events),
        One(Ceiling, () => new BareGroups(servers.PostgreSql, ceiling, CeilingSchema).Insert(events, 128, Streams, cancellationToken)),
        Floor("insert 100 rows together, 16 clients", 100, 16, events),
        One("select", () => bare.Select(Schema, cancellationToken)),
        One("read all", () => store.ReadAll(cancellationToken)),
        One("latency p99 at 500/s, same store", () => store.Latency(LatencyAppends, elsewhere: false, cancellationToken)),
        One("latency p99 at 500/s, other store", () => store.Latency(LatencyAppends, elsewhere: true, cancellationToken)),
        One($"handle, {ShortHistory}", () => account!.HandleShort(Commands, isFresh: false, cancellationToken)),
        One($"handle, {LongHistory}", () => account!.HandleLong(Commands, isFresh: false, cancellationToken)),
        One($"handle just started, {ShortHistory}", () => account!.HandleShort(Commands, isFresh: true, cancellationToken)),
        One($"handle just started, {LongHistory}", () => account!.HandleLong(Commands, isFresh: true, cancellationToken)),
    ];

    private (string, Func<Task<List<(string, double)>>>) Floor(string name, int together, int clients, int rows) =>
        One(name, () => bare.Insert(rows, together, clients, CancellationToken.None));

    private (string, Func<Task<List<(string, double)>>>) Appends(string name, int writers, int streams, int count) => (name, async () =>
    {
        var (rate, bytes) = await store.Append(count, writers, streams, CancellationToken.None);
        return [(name, rate), ("allocated per event, " + name, bytes)];
    }
    );

    private static (string, Func<Task<List<(string, double)>>>) One(string name, Func<Task<double>> measure) => (name, async () => [(name, await measure())]);

    private List<double> Runs(string name) => runs.TryGetValue(name, out var known) ? known : runs[name] = [];

    private Report Summary()
    {
        var report = new Report("store");
        var figures = runs.ToDictionary(pair => pair.Key, pair => new Figure(pair.Key, Unit(pair.Key), pair.Value));
        foreach (var (name, figure) in figures)
        {
            if (name.StartsWith("latency", StringComparison.Ordinal)) report.Add(figure, atMost: 20);
            else report.Add(figure);
        }

        var floor = figures["insert, 16 clients"];
        report.AddRatio("128 writers to insert at 16 clients", figures["append, 128 writers"], floor, 2.5);
        report.AddRatio("16 writers to insert at 16 clients", figures["append, 16 writers"], floor, 1);
        report.AddRatio("1 writer to insert at 1 client", figures["append, 1 writer"], figures["insert, 1 client"], 0.6);
        report.AddRatio("128 writers on one stream to insert at 16 clients", figures["append to one stream, 128 writers"], floor, null);
        report.AddRatio("128 writers to bare groups of 128", figures["append, 128 writers"], figures[Ceiling], null);
        report.AddRatio("bare groups of 128 to insert at 16 clients", figures[Ceiling], floor, null);
        report.AddRatio("128 writers to insert of 100 rows together", figures["append, 128 writers"], figures["insert 100 rows together, 16 clients"], null);
        // As fast, but for what the machine does meanwhile.
        report.AddRatio($"{LongHistory} to one of {LongAccount.ShortHistory}", figures[$"handle, {LongHistory}"], figures[$"handle, {ShortHistory}"], 0.85);
        report.AddRatio(
            $"{LongHistory} to one of {LongAccount.ShortHistory}, just started", figures[$"handle just started, {LongHistory}"], figures[$"handle just started, {ShortHistory}"], null);
        report.AddRatio("read all to select", figures["read all"], figures["select"], 0.6);
        return report;
    }

    private static string Unit(string name) =>
        name.StartsWith("latency", StringComparison.Ordinal) ? "ms" : name.StartsWith("handle", StringComparison.Ordinal) ? "commands/s" : name.StartsWith("allocated", StringComparison.Ordinal) ? "bytes" : "events/s";
}
