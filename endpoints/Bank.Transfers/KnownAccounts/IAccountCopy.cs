namespace Bank.Transfers.KnownAccounts;

/// <summary>This endpoint's own copy of accounts. It may be behind; Bank.Accounts is never asked.</summary>
public interface IAccountCopy
{
    /// <summary>What is known of the two accounts of a transfer; null for nothing.</summary>
    Task<(KnownAccount? Payer, KnownAccount? Payee)> Find(string payerId, string payeeId, CancellationToken cancellationToken);
}
