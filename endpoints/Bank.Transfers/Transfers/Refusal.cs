namespace Bank.Transfers.Transfers;

/// <summary>Why a transfer fails.</summary>
/// <param name="Reason">One of the values of <see cref="Bank.Contracts.Accounts.DeclineReason"/>.</param>
/// <param name="AccountId">The account because of which; null when that is neither of the two.</param>
public sealed record Refusal(string Reason, string? AccountId = null);
