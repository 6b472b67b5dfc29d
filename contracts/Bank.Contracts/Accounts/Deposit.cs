namespace Bank.Contracts.Accounts;

/// <summary>Pays cash into an account.</summary>
/// <remarks>Outcome: <see cref="MoneyDeposited"/> or <see cref="AccountRequestDeclined"/>.</remarks>
public sealed record Deposit : IBankCommand
{
    /// <inheritdoc />
    public required Guid RequestId { get; init; }

    /// <inheritdoc />
    public required Origin Origin { get; init; }

    /// <summary>The account; 1 to 64 letters, digits, or one of <c>- _ . :</c>.</summary>
    public required string AccountId { get; init; }

    /// <summary>How much; above zero, in the currency of the account.</summary>
    public required Money Amount { get; init; }

    /// <summary>The day from which the money is to count, <c>yyyy-MM-dd</c> in UTC: not in the future, not before the account was opened, at most 365 days back. Null: the day on which the bank records it.</summary>
    public string? ValueDate { get; init; }
}
