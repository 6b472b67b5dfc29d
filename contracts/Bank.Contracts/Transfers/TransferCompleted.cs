namespace Bank.Contracts.Transfers;

/// <summary>A transfer has ended: the payee has the money and the payer no longer.</summary>
public sealed record TransferCompleted : ITransferEvent
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
}
