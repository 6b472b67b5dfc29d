namespace Bank.Contracts.Accounts;

/// <summary>An account was opened.</summary>
public sealed record AccountOpened : IAccountEvent
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

    /// <summary>ISO 4217 code of the account.</summary>
    public required string Currency { get; init; }

    /// <summary>How far the balance may fall below zero; zero or more.</summary>
    public required Money OverdraftLimit { get; init; }
}
