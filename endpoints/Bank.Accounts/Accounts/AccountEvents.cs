using Bank.Contracts;

namespace Bank.Accounts.Accounts;

/// <summary>A stored event of an account. Names and shapes are the storage format: never changed, only added to.</summary>
/// <remarks>
/// Amounts are minor units in the account's currency. <see cref="Balance"/> and <see cref="Available"/> are the results, so that an event can be read by itself;
/// <see cref="UnitCurrency"/> names their currency, also where a refused request concerned no open account.
/// </remarks>
public abstract record AccountEvent
{
    public required Guid RequestId { get; init; }

    public required Origin Origin { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    public required string UnitCurrency { get; init; }

    public required long Balance { get; init; }

    public required long Available { get; init; }
}

public sealed record Opened : AccountEvent
{
    public required string Currency { get; init; }

    public required long OverdraftLimit { get; init; }
}

public sealed record Deposited : AccountEvent
{
    public required long Amount { get; init; }

    /// <summary>The day from which the money counts, in UTC; null in events of before there were value dates.</summary>
    public DateOnly? ValueDate { get; init; }
}

public sealed record Withdrawn : AccountEvent
{
    public required long Amount { get; init; }

    /// <summary>The day from which the money counts, in UTC; null in events of before there were value dates.</summary>
    public DateOnly? ValueDate { get; init; }
}

public sealed record WithdrawalRefused : AccountEvent
{
    public required Money Asked { get; init; }

    public required string Reason { get; init; }
}

public sealed record Reserved : AccountEvent
{
    public required Guid ReservationId { get; init; }

    public required long Amount { get; init; }

    public Guid? TransferId { get; init; }

    public string? CounterpartyAccountId { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }
}

public sealed record ReservationRefused : AccountEvent
{
    public required Guid ReservationId { get; init; }

    public required Money Asked { get; init; }

    public Guid? TransferId { get; init; }

    public required string Reason { get; init; }
}

public sealed record Captured : AccountEvent
{
    public required Guid ReservationId { get; init; }

    public required long Amount { get; init; }

    public Guid? TransferId { get; init; }

    public string? CounterpartyAccountId { get; init; }

    /// <summary>The day from which the money counts, in UTC; null in events of before there were value dates.</summary>
    public DateOnly? ValueDate { get; init; }
}

/// <summary>A hold ended unbooked, or there was none; the id can then no longer be used for one.</summary>
public sealed record Released : AccountEvent
{
    public required Guid ReservationId { get; init; }

    public required long Amount { get; init; }

    /// <summary>Whether there was such a hold. Stored since the second shape of this event.</summary>
    public required bool HadHold { get; init; }

    public Guid? TransferId { get; init; }

    public required string Reason { get; init; }
}

public sealed record Credited : AccountEvent
{
    public required Guid TransferId { get; init; }

    public required long Amount { get; init; }

    public string? CounterpartyAccountId { get; init; }

    /// <summary>The day from which the money counts, in UTC; null in events of before there were value dates.</summary>
    public DateOnly? ValueDate { get; init; }
}

public sealed record CreditRefused : AccountEvent
{
    public required Guid TransferId { get; init; }

    public required Money Asked { get; init; }

    public required string Reason { get; init; }
}

public sealed record Closed : AccountEvent;

public sealed record RequestRefused : AccountEvent
{
    public required string Command { get; init; }

    public Guid? ReservationId { get; init; }

    public required string Reason { get; init; }
}
