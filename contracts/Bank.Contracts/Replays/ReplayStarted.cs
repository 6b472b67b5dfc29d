namespace Bank.Contracts.Replays;

/// <summary>A replay was accepted; its events follow.</summary>
public sealed record ReplayStarted : IReplayEvent
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

    /// <summary>The position it begins with.</summary>
    public required long FromPosition { get; init; }

    /// <summary>The last position it will send; -1 when nothing is stored yet.</summary>
    public required long UpToPosition { get; init; }
}
