namespace Bank.Contracts.Accounts;

/// <summary>The amount of a transfer was paid into the account.</summary>
public sealed record AccountCredited : IAccountEvent
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
    public required string AccountId { get; init; }

    /// <inheritdoc />
    public required long AccountVersion { get; init; }

    /// <inheritdoc />
    public required Money Balance { get; init; }

    /// <inheritdoc />
    public required Money Available { get; init; }

    /// <summary>The transfer this belongs to.</summary>
    public required Guid TransferId { get; init; }

    /// <summary>How much the balance grew.</summary>
    public required Money Amount { get; init; }

    /// <summary>The account on the other side; null when there is none in this bank.</summary>
    public string? CounterpartyAccountId { get; init; }

    /// <summary>The day from which the money counts, <c>yyyy-MM-dd</c>; not after the day of <see cref="OccurredAt"/>, in UTC. Null in events of before there were value dates: see <see cref="ValueDates.Of"/>.</summary>
    public string? ValueDate { get; init; }
}
