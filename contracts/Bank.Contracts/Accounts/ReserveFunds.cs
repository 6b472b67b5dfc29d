namespace Bank.Contracts.Accounts;

/// <summary>Holds part of the available balance for a later capture.</summary>
/// <remarks>Outcome: <see cref="FundsReserved"/> or <see cref="FundsReservationDeclined"/>.</remarks>
public sealed record ReserveFunds : IBankCommand
{
    /// <inheritdoc />
    public required Guid RequestId { get; init; }

    /// <inheritdoc />
    public required Origin Origin { get; init; }

    /// <summary>The account; 1 to 64 letters, digits, or one of <c>- _ . :</c>.</summary>
    public required string AccountId { get; init; }

    /// <summary>The hold, as named by whoever asked for it; for a transfer, the transfer id.</summary>
    public required Guid ReservationId { get; init; }

    /// <summary>How much to hold; above zero, in the currency of the account.</summary>
    public required Money Amount { get; init; }

    /// <summary>The transfer that the hold is for; null for any other hold.</summary>
    public Guid? TransferId { get; init; }

    /// <summary>The account on the other side; null when there is none in this bank.</summary>
    public string? CounterpartyAccountId { get; init; }

    /// <summary>When the hold ends by itself. Null: it stays until it is captured or released.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The last instant at which this may still be done; later it is refused with <see cref="DeclineReason.TooLate"/>. Null: no limit.</summary>
    public DateTimeOffset? ValidUntil { get; init; }
}
