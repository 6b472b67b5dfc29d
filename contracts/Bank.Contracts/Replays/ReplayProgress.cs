namespace Bank.Contracts.Replays;

/// <summary>A replay is on its way. Sent at most once a second, and not at all by short ones.</summary>
public sealed record ReplayProgress : IReplayEvent
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

    /// <summary>The position up to which everything wanted was sent.</summary>
    public required long Position { get; init; }

    /// <summary>The position that it ends with.</summary>
    public required long UpToPosition { get; init; }

    /// <summary>How many events were sent so far.</summary>
    public required long EventCount { get; init; }
}
