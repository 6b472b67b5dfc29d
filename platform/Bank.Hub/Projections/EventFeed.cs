namespace Bank.Hub.Projections;

/// <summary>Where events of a kind come from, and what the hub must know of them.</summary>
public abstract class EventFeed
{
    private protected EventFeed(string endpoint, Type eventType)
    {
        Endpoint = endpoint;
        EventType = eventType;
    }

    /// <summary>The endpoint that publishes them, and answers requests for replays of them.</summary>
    public string Endpoint { get; }

    /// <summary>What they all are.</summary>
    public Type EventType { get; }

    /// <summary>Whether the endpoint publishes events of other kinds too, of which this endpoint hears nothing: then it cannot be said from positions how far a projection is behind.</summary>
    public bool IsSelection { get; init; }

    internal abstract bool HasSubjects { get; }

    internal abstract DateTimeOffset OccurredAtOf(object @event);

    internal abstract SubjectVersion? SubjectOf(object @event);

    /// <returns>Null for a projection that is not made of these events.</returns>
    internal abstract Action<object, ProjectionBatch>? Bind(IProjection projection);
}

/// <summary>Where events of a kind come from, and what the hub must know of them.</summary>
/// <typeparam name="TEvent">What they all are.</typeparam>
/// <param name="endpoint">The endpoint that publishes them, and answers requests for replays of them.</param>
public sealed class EventFeed<TEvent>(string endpoint) : EventFeed(endpoint, typeof(TEvent))
    where TEvent : class
{
    /// <summary>When an event occurred; lag is measured from there.</summary>
    public required Func<TEvent, DateTimeOffset> OccurredAt { get; init; }

    /// <summary>What an event is about, and which one of that subject's events it is. Null when events are not numbered: then nothing can be said of gaps.</summary>
    public Func<TEvent, SubjectVersion>? Subject { get; init; }

    internal override bool HasSubjects => Subject is not null;

    internal override DateTimeOffset OccurredAtOf(object @event) => OccurredAt((TEvent)@event);

    internal override SubjectVersion? SubjectOf(object @event) => Subject?.Invoke((TEvent)@event);

    internal override Action<object, ProjectionBatch>? Bind(IProjection projection) =>
        projection is IProject<TEvent> project ? (@event, batch) => project.Apply((TEvent)@event, batch) : null;
}

/// <summary>Which event of which subject.</summary>
/// <param name="Subject">What the event is about, for example an account.</param>
/// <param name="Version">The number of the event in the history of its subject: 0 for the first, then without gaps.</param>
public readonly record struct SubjectVersion(string Subject, long Version);
