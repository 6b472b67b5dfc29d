namespace Bank.Transfers.KnownAccounts;

/// <summary>What was heard of an account so far. Each part is a fact that stays true, so what was heard early or not at all misleads nobody.</summary>
/// <param name="Currency">Its currency; null when its opening was not heard of.</param>
/// <param name="IsClosed">Whether its closing was heard of.</param>
public sealed record KnownAccount(string? Currency, bool IsClosed);
