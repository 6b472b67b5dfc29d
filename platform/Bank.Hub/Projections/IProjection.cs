namespace Bank.Hub.Projections;

/// <summary>Tables made of events. What a projection writes depends on the event alone: no clock, no chance, no reading.</summary>
/// <remarks>Implements <see cref="IProject{TEvent}"/> for each kind of event that it is made of.</remarks>
public interface IProjection
{
    /// <summary>Its name, for people and for its rows in the registry; at most 60 characters.</summary>
    string Name { get; }

    /// <summary>
    /// Grows by one whenever the tables change, or what is written into them. The endpoint then fills new tables from a replay beside the old, which answer until then.
    /// </summary>
    int Version { get; }

    /// <summary>Its tables. No other projection of the endpoint has one of the same name.</summary>
    IReadOnlyList<ProjectionTable> Tables { get; }
}

/// <summary>Says which rows an event makes.</summary>
/// <typeparam name="TEvent">The kind of event, an interface or a class.</typeparam>
public interface IProject<in TEvent>
{
    /// <summary>Adds the rows of an event.</summary>
    void Apply(TEvent @event, ProjectionBatch batch);
}
