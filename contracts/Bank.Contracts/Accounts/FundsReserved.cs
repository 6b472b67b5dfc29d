namespace Bank.Contracts.Accounts;

/// <summary>Part of the available balance is held.</summary>
public sealed record FundsReserved : IAccountEvent
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

    /// <summary>The hold, as named by whoever asked for it; for a transfer, the transfer id.</summary>
    public required Guid ReservationId { get; init; }

    /// <summary>How much is held.</summary>
    public required Money Amount { get; init; }

    /// <summary>The transfer that the hold is for; null for any other hold.</summary>
    public Guid? TransferId { get; init; }

    /// <summary>The account on the other side; null when there is none in this bank.</summary>
    public string? CounterpartyAccountId { get; init; }

    /// <summary>When the hold ends by itself; null: not by itself.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
