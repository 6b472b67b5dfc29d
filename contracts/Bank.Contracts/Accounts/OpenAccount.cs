namespace Bank.Contracts.Accounts;

/// <summary>Opens an account in one currency.</summary>
/// <remarks>Outcome: <see cref="AccountOpened"/> or <see cref="AccountRequestDeclined"/>.</remarks>
public sealed record OpenAccount : IBankCommand
{
    /// <inheritdoc />
    public required Guid RequestId { get; init; }

    /// <inheritdoc />
    public required Origin Origin { get; init; }

    /// <summary>The account; 1 to 64 letters, digits, or one of <c>- _ . :</c>.</summary>
    public required string AccountId { get; init; }

    /// <summary>ISO 4217 code of the account.</summary>
    public required string Currency { get; init; }

    /// <summary>How far the balance may fall below zero: zero or more, in the currency of the account. Null: not at all.</summary>
    public Money? OverdraftLimit { get; init; }
}
