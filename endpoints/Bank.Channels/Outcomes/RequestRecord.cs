namespace Bank.Channels.Outcomes;

/// <summary>A request that was sent, and what became of it.</summary>
public sealed record RequestRecord
{
    public required Guid RequestId { get; init; }

    /// <summary>SHA-256 of what was asked, so that the same key with another content is noticed.</summary>
    public required string Fingerprint { get; init; }

    public required string Command { get; init; }

    public required string AccountId { get; init; }

    public Guid? TransferId { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    public Outcome Outcome { get; init; } = Outcome.Pending;
}

/// <summary>What became of a request.</summary>
/// <param name="Status"><c>pending</c>, <c>completed</c> or <c>declined</c>.</param>
/// <param name="EventType">The event that tells; null while pending.</param>
/// <param name="Reason">Why it was declined; null otherwise.</param>
/// <param name="Account">The account after it; null while pending and for transfers.</param>
/// <param name="DecidedAt">When it was decided; null while pending.</param>
/// <param name="RefusingAccountId">The account because of which a transfer failed; null when that was neither of its two, and otherwise.</param>
public sealed record Outcome(
    string Status, string? EventType = null, string? Reason = null, AccountAfter? Account = null, DateTimeOffset? DecidedAt = null, string? RefusingAccountId = null)
{
    public const string Completed = "completed";
    public const string Declined = "declined";

    public static readonly Outcome Pending = new("pending");

    public bool IsFinal => Status != Pending.Status;
}

/// <summary>An account after a request. Amounts are minor units.</summary>
public sealed record AccountAfter(long Version, string Currency, long Balance, long Available);
