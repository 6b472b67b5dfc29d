namespace Bank.Accounts.Accounts;

public enum AccountStatus
{
    None,
    Open,
    Closed,
}

/// <summary>Part of the balance that is kept for a later capture.</summary>
/// <param name="Amount">Minor units; above zero.</param>
/// <param name="TransferId">The transfer it is for; null for any other hold.</param>
/// <param name="CounterpartyAccountId">Who is to get the money; null when nobody in this bank.</param>
/// <param name="ExpiresAt">When it ends by itself; null for never.</param>
public sealed record Hold(long Amount, Guid? TransferId, string? CounterpartyAccountId, DateTimeOffset? ExpiresAt);

public enum HoldEnd
{
    Captured,
    Released,
}
