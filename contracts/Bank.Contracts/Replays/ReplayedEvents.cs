namespace Bank.Contracts.Replays;

/// <summary>The events of a stretch of history in one message; sent instead of the events themselves when <see cref="RequestReplay.EventsPerMessage"/> asks for it.</summary>
/// <remarks>
/// Each stretch begins where the one before ended. An asker has everything when its stretches cover all positions from the first asked for
/// to <see cref="ReplayCompleted.UpToPosition"/>, in whatever order they came. After a crash a stretch may come again, and with other limits.
/// </remarks>
public sealed record ReplayedEvents : IReplayEvent
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

    /// <summary>The stretch begins behind this position: -1 for the beginning of the history.</summary>
    public required long AfterPosition { get; init; }

    /// <summary>The last position of the stretch. All that is wanted of it is in <see cref="Events"/>.</summary>
    public required long UpToPosition { get; init; }

    /// <summary>The wanted events in the order of the store; empty when the stretch holds none.</summary>
    public required IReadOnlyList<ReplayedEvent> Events { get; init; }

    /// <summary>Whether both say the same, the events compared one by one.</summary>
    public bool Equals(ReplayedEvents? other) =>
        other is not null && EventId == other.EventId && RequestId == other.RequestId && OccurredAt == other.OccurredAt && Origin == other.Origin
        && ReplayId == other.ReplayId && AfterPosition == other.AfterPosition && UpToPosition == other.UpToPosition && Events.SequenceEqual(other.Events);

    /// <inheritdoc />
    public override int GetHashCode() => EventId.GetHashCode();
}
