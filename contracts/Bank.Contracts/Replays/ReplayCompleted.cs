namespace Bank.Contracts.Replays;

/// <summary>Everything that a replay was asked for was sent.</summary>
/// <remarks>
/// An asker that handles several messages at a time may handle this one before the last events. It has all of them when it has handled
/// <see cref="EventCount"/> events of this replay, counted by their different values of the header <c>Bank.Replay.Position</c>;
/// one that asked for several in a message, when the stretches of its <c>ReplayedEvents</c> cover all that it asked for.
/// </remarks>
public sealed record ReplayCompleted : IReplayEvent
{
    /// <inheritdoc />
    public required Guid EventId { get; init; }

    /// <inheritdoc />
    public required Guid RequestId { get; init; }

    /// <inheritdoc />
    public required DateTimeOffset OccurredAt { get; init; }

    /// <inheritdoc />
    public required Origin Origin { get; init; }

    /// <inheritdoc />
    public required Guid ReplayId { get; init; }

    /// <summary>The position that it ended with; -1 when nothing was stored.</summary>
    public required long UpToPosition { get; init; }

    /// <summary>How many events were sent, those sent twice after a crash counted once.</summary>
    public required long EventCount { get; init; }
}
