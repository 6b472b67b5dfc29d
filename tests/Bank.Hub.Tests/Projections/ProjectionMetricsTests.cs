using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Bank.Hub.Projections;
using Bank.Hub.Tests.Replays;

namespace Bank.Hub.Tests.Projections;

/// <summary>What projections tell whoever collects metrics, without being asked over HTTP.</summary>
public sealed class ProjectionMetricsTests
{
    [Fact]
    public async Task Missing_events_are_told_until_they_come_though_nobody_asks_for_the_status()
    {
        await using var views = new SqliteViews();
        await using var process = await ProjectionProcess.Start(await views.Prepare(), CounterProjection.Catalog(1));
        using var collector = new Collector(process.Meters);
        await process.Handle(new Counted("a", 0, 1));
        await process.Handle(new Counted("a", 3, 1));
        await ReplayHub.Until(() => collector.Read("bank.projection.missing_events", isGauge: true) is [(2, "counters", null)], "two events are told to be missing");
        await process.Handle(new Counted("a", 1, 1));
        await process.Handle(new Counted("a", 2, 1));
        await ReplayHub.Until(() => collector.Read("bank.projection.missing_events", isGauge: true) is [(0, "counters", null)], "no event is told to be missing");
    }

    [Fact]
    public async Task Lag_is_told_of_live_events_alone_and_replayed_ones_are_counted_apart()
    {
        await using var views = new SqliteViews();
        await using var process = await ProjectionProcess.Start(await views.Prepare(), CounterProjection.Catalog(1));
        using var collector = new Collector(process.Meters);
        await process.Replay(await process.Asked(), [new Counted("a", 0, 1), new Counted("a", 1, 1)]);
        await process.Handle(new Counted("a", 2, 1));
        Assert.Equal([(2, "counters", "replay"), (1, "counters", "live")], collector.Read("bank.projection.events"));
        // The events of these tests occurred in 1970.
        var (seconds, projection, _) = Assert.Single(collector.Read("bank.projection.lag"));
        Assert.Equal("counters", projection);
        Assert.InRange(seconds, TimeSpan.FromDays(365 * 50).TotalSeconds, double.MaxValue);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Positions_are_told_where_all_events_are_taken_and_lag_where_only_some_kinds_are(bool isSelection)
    {
        await using var views = new SqliteViews();
        var feed = new EventFeed<Counted>(CounterProjection.Source) { OccurredAt = _ => DateTimeOffset.UnixEpoch, IsSelection = isSelection };
        await using var process = await ProjectionProcess.Start(await views.Prepare(), new ProjectionCatalog([feed], [new CounterProjection(1)]));
        await process.HandleFrom(41, new Counted("a", 0, 1));
        var status = await process.Status();
        Assert.Equal(isSelection ? [] : [41L], status.Positions.Values);
        Assert.NotNull(status.LagSeconds);
    }

    /// <summary>Collects what the meters of one process measure, as an exporter does.</summary>
    private sealed class Collector : IDisposable
    {
        private readonly ConcurrentQueue<(string Name, (double Value, string? Projection, string? Way) Measured)> measured = [];
        private readonly MeterListener listener = new();

        public Collector(IMeterFactory meters)
        {
            listener.InstrumentPublished = (instrument, self) =>
            {
                // Other tests in this process have meters of the same name.
                if (ReferenceEquals(instrument.Meter.Scope, meters)) self.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
            listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
            listener.Start();
        }

        /// <summary>What an instrument measured: of a gauge what it says now, of others all so far.</summary>
        public (double Value, string? Projection, string? Way)[] Read(string instrument, bool isGauge = false)
        {
            if (isGauge)
            {
                measured.Clear();
                listener.RecordObservableInstruments();
            }

            return [.. measured.Where(one => one.Name == instrument).Select(one => one.Measured)];
        }

        public void Dispose() => listener.Dispose();

        private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            string? projection = null, way = null;
            foreach (var (key, text) in tags)
            {
                if (key == "bank.projection") projection = (string?)text;
                if (key == "bank.way") way = (string?)text;
            }

            measured.Enqueue((instrument.Name, (value, projection, way)));
        }
    }
}
