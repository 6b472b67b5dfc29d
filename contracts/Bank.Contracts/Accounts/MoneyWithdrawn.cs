namespace Bank.Contracts.Accounts;

/// <summary>Cash was taken out.</summary>
public sealed record MoneyWithdrawn : IAccountEvent
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

    /// <summary>How much the balance fell; above zero.</summary>
    public required Money Amount { get; init; }

    /// <summary>The day from which the money counts, <c>yyyy-MM-dd</c>; not after the day of <see cref="OccurredAt"/>, in UTC. Null in events of before there were value dates: see <see cref="ValueDates.Of"/>.</summary>
    public string? ValueDate { get; init; }
}
