namespace Bank.Contracts.Replays;

/// <summary>A replay was refused; no event is sent. Published instead of sent when the request names no queue to answer to.</summary>
public sealed record ReplayRefused : IReplayEvent
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

    /// <summary>The member of <see cref="RequestReplay"/> that is the cause; <c>ReplyToAddress</c> when the message names no queue to send to.</summary>
    public required string Field { get; init; }

    /// <summary>Why: one of the values of <see cref="ReplayRefusalReason"/>. More values may come; treat an unknown one as a refusal.</summary>
    public required string Reason { get; init; }

    /// <summary>The value at fault and what is allowed, for people; null when the reason says it all.</summary>
    public string? Detail { get; init; }
}
