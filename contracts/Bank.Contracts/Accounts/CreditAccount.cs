namespace Bank.Contracts.Accounts;

/// <summary>Pays the amount of a transfer into the account of the payee.</summary>
/// <remarks>Outcome: <see cref="AccountCredited"/> or <see cref="CreditRejected"/>.</remarks>
public sealed record CreditAccount : IBankCommand
{
    /// <inheritdoc />
    public required Guid RequestId { get; init; }

    /// <inheritdoc />
    public required Origin Origin { get; init; }

    /// <summary>The account; 1 to 64 letters, digits, or one of <c>- _ . :</c>.</summary>
    public required string AccountId { get; init; }

    /// <summary>The transfer this belongs to.</summary>
    public required Guid TransferId { get; init; }

    /// <summary>How much; above zero, in the currency of the account.</summary>
    public required Money Amount { get; init; }

    /// <summary>The account on the other side; null when there is none in this bank.</summary>
    public string? CounterpartyAccountId { get; init; }

    /// <summary>The last instant at which this may still be done; later it is refused with <see cref="DeclineReason.TooLate"/>. Null: no limit.</summary>
    public DateTimeOffset? ValidUntil { get; init; }
}
