using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Bank.Hub.Projections;

/// <summary>Measures how far projections are behind the events, in this process.</summary>
internal sealed class ProjectionMeter : IDisposable
{
    private readonly ConcurrentDictionary<string, FollowedEvent> last = new();
    private readonly ConcurrentDictionary<string, long> missing = new();
    private readonly Meter meter;
    private readonly Histogram<double> lag;
    private readonly Counter<long> events;
    private readonly ObservableGauge<long> missingEvents;
    private readonly TimeProvider clock;

    public ProjectionMeter(IMeterFactory factory, TimeProvider clock)
    {
        this.clock = clock;
        meter = factory.Create("Bank.Hub.Projections");
        lag = meter.CreateHistogram<double>("bank.projection.lag", "s", "Time from the occurrence of an event to the commit of what a projection makes of it.");
        events = meter.CreateCounter<long>("bank.projection.events", "{event}", "Events that a projection has taken up.");
        missingEvents = meter.CreateObservableGauge(
            "bank.projection.missing_events", () => missing.Select(pair => new Measurement<long>(pair.Value, new KeyValuePair<string, object?>("bank.projection", pair.Key))),
            "{event}", "Events that have not come although later ones of the same subject have.");
    }

    /// <summary>Whether anybody collects how many events are missing.</summary>
    public bool TellsMissing => missingEvents.Enabled;

    /// <summary>A published event was taken up.</summary>
    public void Followed(object @event, ProjectionCatalog.Binding[] bindings, long? position)
    {
        foreach (var (projection, feed, _) in bindings)
        {
            var occurredAt = feed.OccurredAtOf(@event);
            var behind = clock.GetUtcNow() - occurredAt;
            var name = new KeyValuePair<string, object?>("bank.projection", projection.Name);
            lag.Record(Math.Max(0, behind.TotalSeconds), name);
            events.Add(1, name, new KeyValuePair<string, object?>("bank.way", "live"));
            var telling = feed.IsSelection ? null : position;
            last.AddOrUpdate(
                projection.Name, _ => FollowedEvent.None.Then(feed.Endpoint, telling, occurredAt, behind), (_, before) => before.Then(feed.Endpoint, telling, occurredAt, behind));
        }
    }

    /// <summary>Replayed events were taken up.</summary>
    public void Replayed(IEnumerable<string> projections, int count)
    {
        foreach (var projection in projections)
            events.Add(count, new KeyValuePair<string, object?>("bank.projection", projection), new KeyValuePair<string, object?>("bank.way", "replay"));
    }

    public void Missing(string projection, long count) => missing[projection] = count;

    /// <summary>The last event that a projection took up live; nothing of it is known when none was.</summary>
    public FollowedEvent Last(string projection) => last.GetValueOrDefault(projection, FollowedEvent.None);

    public void Dispose() => meter.Dispose();
}

/// <summary>What is known of the published events that a projection took up.</summary>
/// <param name="Positions">By the endpoint that they are of: the highest position in its store.</param>
/// <param name="OccurredAt">When the last of them occurred; null before the first.</param>
/// <param name="Lag">How long after its occurrence it was committed; null before the first.</param>
internal sealed record FollowedEvent(IReadOnlyDictionary<string, long> Positions, DateTimeOffset? OccurredAt, TimeSpan? Lag)
{
    public static readonly FollowedEvent None = new(new Dictionary<string, long>(), null, null);

    public FollowedEvent Then(string endpoint, long? position, DateTimeOffset occurredAt, TimeSpan lag)
    {
        var positions = position is { } known && known > Positions.GetValueOrDefault(endpoint, -1) ? new Dictionary<string, long>(Positions) { [endpoint] = known } : Positions;
        return new FollowedEvent(positions, OccurredAt > occurredAt ? OccurredAt : occurredAt, lag);
    }
}
