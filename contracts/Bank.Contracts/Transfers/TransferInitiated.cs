namespace Bank.Contracts.Transfers;

/// <summary>A transfer has begun; nothing has moved yet.</summary>
public sealed record TransferInitiated : ITransferEvent
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

    /// <summary>The instant at which it is given up unless the payee was credited.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>The reference given; null for none.</summary>
    public string? Reference { get; init; }
}
