using System.Collections.Concurrent;
using System.Diagnostics;
using Bank.StreamStore;
using Bank.StreamStore.Streams;

namespace Bank.Benchmarks.Store;

/// <summary>What is measured of the store.</summary>
internal sealed class StoreUnderTest(string connectionString, string schema)
{
    private const int AppendsPerSecond = 500;

    public async Task Create(CancellationToken cancellationToken)
    {
        using var store = Open();
        await store.CreateSchemaIfNotExists(cancellationToken);
    }

    /// <summary>Appends one event at a time per writer, each to streams of its own, or all to one.</summary>
    /// <returns>Events per second, and bytes allocated for each.</returns>
    public async Task<(double Rate, double Bytes)> Append(int events, int writers, int streams, CancellationToken cancellationToken)
    {
        using var store = Open();
        await store.ReadHeadPosition(cancellationToken);
        var run = Guid.NewGuid().ToString("N")[..8];
        var share = events / writers;
        var own = Math.Max(1, streams / writers);
        var names = Enumerable.Range(0, writers).Select(writer => Enumerable.Range(0, own).Select(number => streams == 1 ? $"{run}-hot" : $"{run}-{writer}-{number}").ToArray()).ToArray();
        // Streams are opened before the clock runs: they live long, and a new one costs more than an event.
        await Task.WhenAll(names.SelectMany(group => group).Distinct().Select(name => store.AppendToStream(name, ExpectedVersion.NoStream, Payload.Event(Guid.NewGuid()), cancellationToken)));
        // Ids are made before, too, as the floor's are.
        var ids = Enumerable.Range(0, share * writers).Select(_ => Guid.NewGuid()).ToArray();
        var before = GC.GetTotalAllocatedBytes();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(
            () => Write(store, ids.AsMemory(writer * share, share), names[writer], isShared: streams == 1, cancellationToken), cancellationToken)));
        var seconds = watch.Elapsed.TotalSeconds;
        return (share * writers / seconds, (GC.GetTotalAllocatedBytes() - before) / (double)(share * writers));
    }

    /// <summary>Reads everything there is, in order.</summary>
    /// <returns>Events per second.</returns>
    public async Task<double> ReadAll(CancellationToken cancellationToken)
    {
        using var store = Open();
        var watch = Stopwatch.StartNew();
        var (events, bytes) = (0, 0L);
        await foreach (var message in store.ReadAllAhead(0, cancellationToken: cancellationToken))
        {
            bytes += (await message.GetJsonDataUtf8(cancellationToken)).Length + message.JsonMetadata.Length;
            events++;
        }

        return bytes > 0 ? events / watch.Elapsed.TotalSeconds : throw new InvalidOperationException("There was nothing to read.");
    }

    /// <summary>Appends at an even pace and notes how long after an append returned a follower's handler was entered.</summary>
    /// <param name="appends">How many.</param>
    /// <param name="elsewhere">Whether the follower has a store of its own, as in another process.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Milliseconds that 99 of 100 did not exceed; an event handled before its append returned counts 0.</returns>
    public async Task<double> Latency(int appends, bool elsewhere, CancellationToken cancellationToken)
    {
        using var store = Open();
        using var other = Open();
        var follower = elsewhere ? other : store;
        var returned = new ConcurrentDictionary<Guid, long>();
        var entered = new ConcurrentDictionary<Guid, long>();
        var all = new TaskCompletionSource();
        using var subscription = follower.SubscribeToAll(Position.End, (_, message, _) =>
        {
            entered.TryAdd(message.MessageId, Stopwatch.GetTimestamp());
            if (entered.Count == appends) all.TrySetResult();
            return Task.CompletedTask;
        });
        await subscription.Started.WaitAsync(cancellationToken);

        var pending = new List<Task>(appends);
        var begin = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (pending.Count < appends && await timer.WaitForNextTickAsync(cancellationToken))
        {
            var due = Math.Min(appends, (int)(Stopwatch.GetElapsedTime(begin).TotalSeconds * AppendsPerSecond));
            while (pending.Count < due) pending.Add(AppendOne(pending.Count));
        }

        await Task.WhenAll(pending);
        await all.Task.WaitAsync(TimeSpan.FromMinutes(1), cancellationToken);
        double[] waits = [.. returned.Select(pair => Math.Max(0, Stopwatch.GetElapsedTime(pair.Value, entered[pair.Key]).TotalMilliseconds)).Order()];
        return waits[(int)Math.Ceiling(waits.Length * 0.99) - 1];

        async Task AppendOne(int number)
        {
            var id = Guid.NewGuid();
            await store.AppendToStream($"latency-{number % 100}", ExpectedVersion.Any, Payload.Event(id), cancellationToken);
            returned.TryAdd(id, Stopwatch.GetTimestamp());
        }
    }

    private static async Task Write(IStreamStore store, ReadOnlyMemory<Guid> ids, string[] names, bool isShared, CancellationToken cancellationToken)
    {
        var versions = new int[names.Length];
        for (var number = 0; number < ids.Length; number++)
        {
            var stream = number % names.Length;
            var expected = isShared ? ExpectedVersion.Any : versions[stream];
            versions[stream] = (await store.AppendToStream(names[stream], expected, Payload.Event(ids.Span[number]), cancellationToken)).CurrentVersion;
        }
    }

    public PostgresStreamStore Open() => new(new PostgresStreamStoreSettings(connectionString) { Schema = schema });
}
