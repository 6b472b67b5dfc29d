namespace Bank.Hub.Projections;

/// <summary>The filling of generations with the past.</summary>
/// <param name="Id">Identifies it.</param>
/// <param name="State">How it stands.</param>
/// <param name="Projections">The names of what it fills.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended; null while it is under way.</param>
/// <param name="Error">Why it failed, or, while it is under way, why a replay was refused that it asks for again; null when nothing did.</param>
/// <param name="Replays">What it asked for.</param>
internal sealed record Fill(
    string Id, FillState State, IReadOnlyList<string> Projections, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? Error, IReadOnlyList<FillReplay> Replays)
{
    public bool IsComplete => Replays.All(replay => replay.IsComplete);

    /// <summary>Whether a replay was refused that it asks for again.</summary>
    public bool IsRefused => State == FillState.Running && Error is not null;
}

/// <summary>How a fill stands.</summary>
internal enum FillState
{
    /// <summary>Under way.</summary>
    Running = 0,

    /// <summary>Everything came, and its generations answer.</summary>
    Done = 1,

    /// <summary>It ended without.</summary>
    Failed = 2,
}

/// <summary>A replay that a fill asked for.</summary>
/// <param name="Id">Identifies it.</param>
/// <param name="Endpoint">Who is asked.</param>
/// <param name="EventTypes">The full names of the kinds of events.</param>
/// <param name="UpTo">The last position that it brings; null while that is not known; -1 when there is none.</param>
/// <param name="Covered">Which positions came.</param>
/// <param name="Events">How many events came.</param>
/// <param name="AskedAt">When it was asked for last; null before.</param>
internal sealed record FillReplay(Guid Id, string Endpoint, IReadOnlyList<string> EventTypes, long? UpTo, Ranges Covered, long Events, DateTimeOffset? AskedAt)
{
    public bool IsComplete => UpTo is { } upTo && Covered.Covers(0, upTo);

    /// <summary>From 0 to 1.</summary>
    public double Progress => UpTo switch
    {
        null => 0,
        { } upTo when IsComplete || upTo < 0 => 1,
        { } upTo => (double)Covered.Count / (upTo + 1),
    };
}
