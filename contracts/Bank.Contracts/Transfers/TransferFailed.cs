namespace Bank.Contracts.Transfers;

/// <summary>A transfer has ended: the money is where it began.</summary>
public sealed record TransferFailed : ITransferEvent
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
    public required Guid TransferId { get; init; }

    /// <inheritdoc />
    public required string PayerAccountId { get; init; }

    /// <inheritdoc />
    public required string PayeeAccountId { get; init; }

    /// <inheritdoc />
    public required Money Amount { get; init; }

    /// <summary>Why: one of the values of <see cref="Accounts.DeclineReason"/>. More values may come.</summary>
    public required string Reason { get; init; }

    /// <summary>The account because of which it failed, the payer or the payee; null when that was neither, as when time ran out.</summary>
    public string? RefusingAccountId { get; init; }
}
