namespace Bank.Contracts.Transfers;

/// <summary>Moves money from one account to another.</summary>
/// <remarks>
/// Outcome: <see cref="TransferInitiated"/> at once when it can be tried, then either <see cref="TransferCompleted"/> or <see cref="TransferFailed"/>;
/// or <see cref="TransferRequestDeclined"/> when another request has the transfer id already.
/// </remarks>
public sealed record InitiateTransfer : IBankCommand
{
    /// <inheritdoc />
    public required Guid RequestId { get; init; }

    /// <inheritdoc />
    public required Origin Origin { get; init; }

    /// <summary>The transfer; made by the caller, a new one for each transfer. A retry carries the same value and the same <see cref="RequestId"/>.</summary>
    public required Guid TransferId { get; init; }

    /// <summary>The account that pays.</summary>
    public required string PayerAccountId { get; init; }

    /// <summary>The account that is paid; another one than the payer.</summary>
    public required string PayeeAccountId { get; init; }

    /// <summary>How much; above zero, in the currency of both accounts.</summary>
    public required Money Amount { get; init; }

    /// <summary>A reference for both statements, at most 140 characters; null for none. Not for personal data.</summary>
    public string? Reference { get; init; }
}
