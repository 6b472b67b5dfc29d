namespace Bank.Contracts.Transfers;

/// <summary>A request for a transfer was refused because another request has the transfer id already. The transfer itself is not touched by it.</summary>
/// <remarks>What became of the transfer was told to whoever asked for it first, and can be read under its id.</remarks>
public sealed record TransferRequestDeclined : ITransferEvent
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

    /// <summary>The account that the refused request would have made pay; not necessarily that of the transfer.</summary>
    public required string PayerAccountId { get; init; }

    /// <summary>The account that the refused request would have paid; not necessarily that of the transfer.</summary>
    public required string PayeeAccountId { get; init; }

    /// <summary>The amount of the refused request; not necessarily that of the transfer.</summary>
    public required Money Amount { get; init; }

    /// <summary>Why: one of the values of <see cref="Accounts.DeclineReason"/>. More values may come; treat an unknown one as a refusal.</summary>
    public required string Reason { get; init; }
}
