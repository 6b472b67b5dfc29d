using System.Globalization;

namespace Bank.Hub.Projections;

/// <summary>Feeds events to the projections that are made of them.</summary>
public sealed class Projector
{
    private readonly ProjectionCatalog catalog;
    private readonly ProjectionWriter writer;
    private readonly ProjectionMeter meter;

    internal Projector(ProjectionCatalog catalog, ProjectionWriter writer, ProjectionMeter meter)
    {
        this.catalog = catalog;
        this.writer = writer;
        this.meter = meter;
    }

    /// <summary>Writes what a published event means; done when it is committed.</summary>
    public async Task Project(object @event, IMessageHandlerContext context)
    {
        var bindings = catalog.Of(@event.GetType());
        if (bindings.Length == 0) return;
        var parts = new Dictionary<string, ProjectionPart>();
        Apply(@event, bindings, parts);
        await writer.Write(new ProjectionWrite(parts, null, 1), context.CancellationToken);
        meter.Followed(@event, bindings, Position(context));
    }

    /// <summary>Writes a stretch of a replay; done when it is committed. One that nobody waits for any more is passed over.</summary>
    /// <param name="replayId">Which replay.</param>
    /// <param name="after">The stretch begins behind this position.</param>
    /// <param name="upTo">Its last position.</param>
    /// <param name="events">All that was wanted of it.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task ProjectStretch(Guid replayId, long after, long upTo, IReadOnlyList<object> events, CancellationToken cancellationToken)
    {
        var parts = new Dictionary<string, ProjectionPart>();
        foreach (var @event in events) Apply(@event, catalog.Of(@event.GetType()), parts);
        await writer.Write(new ProjectionWrite(parts, new ReplayStretch(replayId, after, upTo), events.Count), cancellationToken);
        meter.Replayed(parts.Keys, events.Count);
    }

    private static void Apply(object @event, ProjectionCatalog.Binding[] bindings, Dictionary<string, ProjectionPart> parts)
    {
        foreach (var (projection, feed, apply) in bindings)
        {
            if (!parts.TryGetValue(projection.Name, out var part)) parts[projection.Name] = part = new ProjectionPart();
            apply(@event, part.Batch);
            if (feed.SubjectOf(@event) is { } subject) part.Subjects.Add(subject);
        }
    }

    private static long? Position(IMessageHandlerContext context) =>
        context.MessageHeaders.TryGetValue(HubHeaders.Position, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : null;
}
