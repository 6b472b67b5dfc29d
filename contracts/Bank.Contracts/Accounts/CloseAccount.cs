namespace Bank.Contracts.Accounts;

/// <summary>Closes an account that has no balance and no holds.</summary>
/// <remarks>Outcome: <see cref="AccountClosed"/> or <see cref="AccountRequestDeclined"/>.</remarks>
public sealed record CloseAccount : IBankCommand
{
    /// <inheritdoc />
    public required Guid RequestId { get; init; }

    /// <inheritdoc />
    public required Origin Origin { get; init; }

    /// <summary>The account; 1 to 64 letters, digits, or one of <c>- _ . :</c>.</summary>
    public required string AccountId { get; init; }
}
