using Bank.Transfers.KnownAccounts;

namespace Bank.Transfers.Tests.Transfers;

/// <summary>What was heard of accounts so far; nothing at first.</summary>
internal sealed class AccountsHeardOf : IAccountCopy
{
    private readonly Dictionary<string, KnownAccount> known = [];

    public int Asked { get; private set; }

    public void Opened(string id, string currency) => known[id] = new KnownAccount(currency, known.GetValueOrDefault(id)?.IsClosed ?? false);

    public void Closed(string id) => known[id] = new KnownAccount(known.GetValueOrDefault(id)?.Currency, true);

    public Task<(KnownAccount? Payer, KnownAccount? Payee)> Find(string payerId, string payeeId, CancellationToken cancellationToken)
    {
        Asked++;
        return Task.FromResult((known.GetValueOrDefault(payerId), known.GetValueOrDefault(payeeId)));
    }
}
