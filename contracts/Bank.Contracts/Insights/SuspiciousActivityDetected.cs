namespace Bank.Contracts.Insights;

/// <summary>What happened on an account looks unusual; somebody should have a look. Nothing was stopped or changed.</summary>
public sealed record SuspiciousActivityDetected : IInsightEvent
{
    /// <inheritdoc />
    public required Guid EventId { get; init; }

    /// <summary>Nobody asked for this: the same as <see cref="EventId"/>.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>When it happened, in UTC: the instant of the last of <see cref="TransferIds"/>. Long ago when it was found in the history.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The endpoint that noticed it.</summary>
    public required Origin Origin { get; init; }

    /// <inheritdoc />
    public required string AccountId { get; init; }

    /// <summary>What was noticed: one of the values of <see cref="SuspiciousPattern"/>. More values may come.</summary>
    public required string Pattern { get; init; }

    /// <summary>The transfers that make the pattern, in the order in which they left the account.</summary>
    public required IReadOnlyList<Guid> TransferIds { get; init; }

    /// <summary>The instant of the first of <see cref="TransferIds"/>, in UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Whether both say the same, the transfers compared one by one.</summary>
    public bool Equals(SuspiciousActivityDetected? other) =>
        other is not null && EventId == other.EventId && RequestId == other.RequestId && OccurredAt == other.OccurredAt && Origin == other.Origin
        && AccountId == other.AccountId && Pattern == other.Pattern && TransferIds.SequenceEqual(other.TransferIds) && Since == other.Since;

    /// <inheritdoc />
    public override int GetHashCode() => EventId.GetHashCode();
}
