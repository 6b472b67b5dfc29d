namespace Bank.Contracts.Accounts;

/// <summary>The account could not take the amount of a transfer; nothing moved.</summary>
public sealed record CreditRejected : IAccountEvent
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
    public required string AccountId { get; init; }

    /// <inheritdoc />
    public required long AccountVersion { get; init; }

    /// <inheritdoc />
    public required Money Balance { get; init; }

    /// <inheritdoc />
    public required Money Available { get; init; }

    /// <summary>The transfer this belongs to.</summary>
    public required Guid TransferId { get; init; }

    /// <summary>How much had been offered.</summary>
    public required Money Amount { get; init; }

    /// <summary>Why: one of the values of <see cref="DeclineReason"/>. More values may come; treat an unknown one as a refusal.</summary>
    public required string Reason { get; init; }
}
