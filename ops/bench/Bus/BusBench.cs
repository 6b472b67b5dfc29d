using Bank.Benchmarks.Measuring;

namespace Bank.Benchmarks.Bus;

/// <summary>Measures the bus and its floors in turns, the order reversed in every other round.</summary>
internal sealed class BusBench(BenchServers servers, int messages, int rounds, int concurrency)
{
    private const string FloorQueue = "bench-floor";
    private const int InFlight = 64;

    // Where the database commits most on two processors; more connections only wait for each other.
    private const int DatabaseConnections = 32;

    private readonly BareBroker bare = new(servers.RabbitMq);
    private readonly BareDatabase database = new(servers.PostgreSql);
    private readonly BusEndpoint bus = new(servers, concurrency);
    private readonly Dictionary<string, List<double>> runs = [];

    // Three times the concurrency is what the transport asks of the broker by default.
    private ushort Prefetch => (ushort)Math.Min(3 * concurrency, ushort.MaxValue);

    public async Task<Report> Run(Action<string> progress, CancellationToken cancellationToken)
    {
        await bus.Install(cancellationToken);
        await bare.Declare(FloorQueue, cancellationToken);
        await bare.Declare(BusEndpoint.Sink, cancellationToken);
        await bus.Send(FloorQueue, 1, 1, cancellationToken);
        var sample = await bare.Take(FloorQueue, cancellationToken);

        // The first round warms up: compilers, caches, the files of the servers.
        for (var round = 0; round <= rounds; round++)
        {
            List<(string Name, Func<Task<double>> Measure)> steps =
            [
                ("bare send", () => bare.Send(FloorQueue, sample, messages, InFlight, cancellationToken)),
                ("send", () => bus.Send(BusEndpoint.Queue, messages, InFlight, cancellationToken)),
                ("bare receive", () => bare.Receive(FloorQueue, messages, Prefetch, cancellationToken)),
                ("receive", () => bus.Receive<EmptyHandler>(messages, outbox: false, cancellationToken)),
                ("bare commit", () => database.Commit(messages, DatabaseConnections, cancellationToken)),
                ("receive with outbox", () => WithOutbox<EmptyHandler>(cancellationToken)),
                ("receive with outbox, sending one", () => WithOutbox<SendingHandler>(cancellationToken)),
            ];
            if (round % 2 == 1) steps = [steps[1], steps[0], steps[3], steps[2], steps[6], steps[5], steps[4]];
            foreach (var (name, measure) in steps)
            {
                var rate = await measure();
                if (round > 0) Runs(name).Add(rate);
                progress($"round {round} of {rounds}: {name}: {rate:0} per second");
            }

            await bare.Purge(BusEndpoint.Sink, cancellationToken);
        }

        return Summary();
    }

    private async Task<double> WithOutbox<THandler>(CancellationToken cancellationToken)
    {
        await bus.Send(BusEndpoint.Queue, messages, InFlight, cancellationToken);
        return await bus.Receive<THandler>(messages, outbox: true, cancellationToken);
    }

    private List<double> Runs(string name) => runs.TryGetValue(name, out var known) ? known : runs[name] = [];

    private Report Summary()
    {
        var report = new Report("bus");
        var figures = runs.ToDictionary(pair => pair.Key, pair => new Figure(pair.Key, "messages/s", pair.Value));
        foreach (var figure in figures.Values) report.Add(figure);
        report.AddRatio("send to bare send", figures["send"], figures["bare send"], null);
        report.AddRatio("receive to bare receive", figures["receive"], figures["bare receive"], 0.7);
        report.AddRatio("receive with outbox to bare commit", figures["receive with outbox"], figures["bare commit"], 0.5);
        report.AddRatio("receive with outbox, sending one, to bare commit", figures["receive with outbox, sending one"], figures["bare commit"], null);
        return report;
    }
}
