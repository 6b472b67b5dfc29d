namespace Bank.Hub.Projections;

/// <summary>How a projection is.</summary>
public sealed record ProjectionStatus
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The version that answers.</summary>
    public required int Version { get; init; }

    /// <summary><c>Filling</c> while the past is missing, <c>Rebuilding</c> while others are built beside what answers, <c>Following</c> otherwise.</summary>
    public required string State { get; init; }

    /// <summary>Which set of tables answers.</summary>
    public required int Generation { get; init; }

    /// <summary>The tables, as queries name them.</summary>
    public required IReadOnlyList<string> Tables { get; init; }

    /// <summary>Since when it holds all of the past; null while it does not.</summary>
    public DateTimeOffset? FilledAt { get; init; }

    /// <summary>How many subjects it knows; null where events are not numbered.</summary>
    public long? Subjects { get; init; }

    /// <summary>How many events have not come although later ones of the same subject have; null where events are not numbered.</summary>
    public long? MissingEvents { get; init; }

    /// <summary>How many subjects miss events; null where events are not numbered.</summary>
    public long? SubjectsWithGaps { get; init; }

    /// <summary>When the last event occurred that this instance took up as it was published; null before the first since its start.</summary>
    public DateTimeOffset? LastEventAt { get; init; }

    /// <summary>How many seconds after its occurrence that was; null before the first.</summary>
    public double? LagSeconds { get; init; }

    /// <summary>By endpoint, the highest position in its store of the events that this instance took up as they were published; none of an endpoint from which some kinds of events alone are taken.</summary>
    public required IReadOnlyDictionary<string, long> Positions { get; init; }

    /// <summary>What fills it, or the last thing that did; null for tables that were there before.</summary>
    public FillStatus? Rebuild { get; init; }
}

/// <summary>How the filling of projections stands.</summary>
public sealed record FillStatus
{
    /// <summary>Identifies it.</summary>
    public required string Id { get; init; }

    /// <summary><c>Running</c>, <c>Done</c> or <c>Failed</c>.</summary>
    public required string State { get; init; }

    /// <summary>The projections that it fills.</summary>
    public required IReadOnlyList<string> Projections { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How far it is, from 0 to 1.</summary>
    public required double Progress { get; init; }

    /// <summary>How many events came.</summary>
    public required long Events { get; init; }

    /// <summary>Why it failed, or, while it runs, why a replay was refused that it asks for again; null when nothing did.</summary>
    public string? Error { get; init; }

    /// <summary>What it asked for.</summary>
    public required IReadOnlyList<FillSource> Sources { get; init; }
}

/// <summary>How a replay stands that fills projections.</summary>
/// <param name="Endpoint">Who was asked.</param>
/// <param name="ReplayId">Which replay.</param>
/// <param name="UpToPosition">The last position that it brings; -1 for none; null while that is not known.</param>
/// <param name="Positions">How many positions came.</param>
/// <param name="Events">How many events came.</param>
/// <param name="AskedAt">When it was asked for last; null before.</param>
public sealed record FillSource(string Endpoint, Guid ReplayId, long? UpToPosition, long Positions, long Events, DateTimeOffset? AskedAt);
