using Bank.Accounts.Accounts;
using Bank.Accounts.Handlers;
using Bank.Contracts;
using Bank.Contracts.Accounts;

namespace Bank.CommandLine.Verification;

/// <summary>The invariants of the bank, each checked on its own.</summary>
internal static class Checks
{
    private const int Completed = 1;
    private const int Failed = 2;

    public static IReadOnlyList<CheckResult> All(BankFacts facts) =>
    [
        Positions(facts), Streams(facts), Ledger(facts), Balances(facts), Overdrafts(facts), Statements(facts), RunningBalances(facts), Requests(facts), TransfersEnded(facts),
        TransfersJournaled(facts), TransferLegs(facts), TransferRefusals(facts), KnownAccounts(facts), Holds(facts), Published(facts), ErrorQueue(facts),
    ];

    public static CheckResult Positions(BankFacts facts)
    {
        var broken = facts.Events.Index().Where(item => item.Item.Position != item.Index).Take(10)
            .Select(item => $"position {item.Index} is missing: {item.Item.EventId} follows at {item.Item.Position}").ToList();
        foreach (var stream in facts.Events.GroupBy(item => item.AccountId))
            broken.AddRange(stream.Index().Where(item => item.Item.Version != item.Index).Take(1).Select(item => $"account {stream.Key} has no version {item.Index}"));
        return new CheckResult("streams and the all-stream have no gaps", facts.Events.Count, "stored events", broken);
    }

    public static CheckResult Streams(BankFacts facts)
    {
        var broken = new List<string>();
        foreach (var stream in facts.Events.GroupBy(stored => stored.AccountId))
        {
            var account = Account.None;
            foreach (var stored in stream)
            {
                account = account.Evolve(stored.Event);
                if (stored.Event.Balance != account.Balance || stored.Event.Available != account.Available)
                    broken.Add($"account {stream.Key}, version {stored.Version}: event {stored.EventId} tells of {stored.Event.Balance}/{stored.Event.Available}, the stream adds up to {account.Balance}/{account.Available}");
                if (stored.EventId != AccountStore.EventId(stream.Key, stored.Event.RequestId))
                    broken.Add($"account {stream.Key}, version {stored.Version}: the id of event {stored.EventId} does not follow from request {stored.Event.RequestId}");
            }
        }

        return new CheckResult("each event tells the balance that its stream adds up to, and answers its own request", facts.Events.Count, "events", broken);
    }

    public static CheckResult Ledger(BankFacts facts)
    {
        var sums = facts.Ledger.GroupBy(row => row.Currency).Select(group => (Currency: group.Key, Sum: group.Aggregate((Int128)0, (sum, row) => sum + row.Amount)));
        var broken = sums.Where(sum => sum.Sum != 0).Select(sum => $"{sum.Currency}: the legs sum to {sum.Sum} minor units").ToList();
        foreach (var fact in facts.Ledger.GroupBy(row => (row.AccountId, row.Version)))
        {
            if (fact.Count() != 2 || fact.Sum(row => row.Amount) != 0) broken.Add($"account {fact.Key.AccountId}, version {fact.Key.Version}: its legs do not balance");
        }

        return new CheckResult("the ledger sums to zero per currency and per fact", facts.Ledger.Count, "legs", broken);
    }

    public static CheckResult Balances(BankFacts facts)
    {
        var broken = new List<string>();
        foreach (var (id, account) in facts.Accounts)
        {
            if (!facts.Balances.TryGetValue(id, out var row)) broken.Add($"account {id} has no balance row");
            else if (row.Balance != account.Balance || row.Available != account.Available || row.Version != account.Version)
                broken.Add($"account {id}: projected {row.Balance}/{row.Available} at version {row.Version}, folded {account.Balance}/{account.Available} at version {account.Version}");
        }

        broken.AddRange(facts.Balances.Keys.Where(id => !facts.Accounts.ContainsKey(id)).Select(id => $"account {id} has a balance row but no stream"));
        return new CheckResult("projected balances equal the fold of their streams", facts.Accounts.Count, "accounts", broken);
    }

    public static CheckResult Overdrafts(BankFacts facts) => new(
        "no account is beyond its limit", facts.Accounts.Count, "accounts",
        [.. facts.Accounts.Where(pair => pair.Value.Available < 0).Select(pair => $"account {pair.Key}: available is {pair.Value.Available}")]);

    public static CheckResult Statements(BankFacts facts)
    {
        var lines = facts.Lines.ToDictionary(line => (line.AccountId, line.Version));
        var broken = new List<string>();
        foreach (var stored in facts.Events)
        {
            if (!lines.Remove((stored.AccountId, stored.Version), out var line)) broken.Add($"account {stored.AccountId}, version {stored.Version} has no line");
            else if (line.EventId != stored.EventId.ToString()) broken.Add($"account {stored.AccountId}, version {stored.Version}: the line tells of event {line.EventId}, the stream of {stored.EventId}");
            else if (line.Balance != stored.Event.Balance) broken.Add($"account {stored.AccountId}, version {stored.Version}: the line has a balance of {line.Balance}, event {stored.EventId} of {stored.Event.Balance}");
        }

        broken.AddRange(lines.Keys.Select(key => $"account {key.AccountId}, version {key.Version} has a line but no event"));
        return new CheckResult("statements have one line for each event, without gap or duplicate", facts.Events.Count, "events", broken);
    }

    public static CheckResult RunningBalances(BankFacts facts)
    {
        var broken = new List<string>();
        foreach (var account in facts.Lines.GroupBy(line => line.AccountId))
        {
            var balance = 0L;
            foreach (var line in account.OrderBy(line => line.Version))
            {
                if (line.Balance != balance + line.Amount)
                    broken.Add($"account {account.Key}, version {line.Version}: {balance} and {line.Amount} do not make {line.Balance}");
                balance = line.Balance;
            }
        }

        return new CheckResult("each running balance follows from the one before", facts.Lines.Count, "lines", broken);
    }

    public static CheckResult Requests(BankFacts facts) => new(
        "each request has one outcome in a stream", facts.Events.Count, "events",
        [
            .. facts.Events.GroupBy(stored => (stored.AccountId, stored.Event.RequestId)).Where(group => group.Count() > 1)
                .Select(group => $"account {group.Key.AccountId}: request {group.Key.RequestId} has {group.Count()} outcomes"),
        ]);

    public static CheckResult TransfersEnded(BankFacts facts)
    {
        var broken = new List<string>();
        foreach (var saga in facts.Sagas)
        {
            var ended = saga.State is "Completed" or "Failed";
            if (!ended && saga.Deadline < facts.ReadAt) broken.Add($"transfer {saga.TransferId} is still {saga.State} after its deadline {saga.Deadline:O}");
            if (!ended) continue;
            var state = facts.Transfers.GetValueOrDefault(saga.TransferId.ToString())?.State;
            if (state != (saga.State == "Completed" ? Completed : Failed)) broken.Add($"transfer {saga.TransferId} is {saga.State}, but its view says otherwise");
        }

        return new CheckResult("every transfer has ended, or has time left", facts.Sagas.Count, "transfers", broken);
    }

    public static CheckResult TransfersJournaled(BankFacts facts)
    {
        var journal = facts.Journal.ToLookup(kept => kept.StreamId, kept => kept.Type);
        var broken = new List<string>();
        foreach (var saga in facts.Sagas.Where(saga => saga.State is "Completed" or "Failed"))
        {
            var kept = journal[$"transfer-{saga.TransferId:D}"].ToList();
            // The end of a transfer from before there was a journal may be told of nowhere but in views.
            if (kept.Contains("TransferInitiated") && !kept.Contains("Transfer" + saga.State)) broken.Add($"transfer {saga.TransferId} is {saga.State}, but its journal does not tell so");
        }

        return new CheckResult("the journal tells how each transfer ended whose beginning it tells", facts.Journal.Count, "journal events", broken);
    }

    public static CheckResult TransferLegs(BankFacts facts)
    {
        var debits = facts.Events.Where(stored => stored.Event is Captured { TransferId: not null }).ToLookup(stored => ((Captured)stored.Event).TransferId!.Value);
        var credits = facts.Events.Where(stored => stored.Event is Credited).ToLookup(stored => ((Credited)stored.Event).TransferId);
        var broken = new List<string>();
        foreach (var saga in facts.Sagas.Where(saga => saga.State is "Completed" or "Failed"))
        {
            var expected = saga.State == "Completed" ? 1 : 0;
            var (out_, in_) = (debits[saga.TransferId].ToList(), credits[saga.TransferId].ToList());
            if (out_.Count != expected || in_.Count != expected)
                broken.Add($"transfer {saga.TransferId} is {saga.State} with {out_.Count} debits and {in_.Count} credits");
            else if (expected == 1 && !Matches(saga, out_[0], in_[0])) broken.Add($"transfer {saga.TransferId}: its legs differ in account, amount or currency");
        }

        var known = facts.Sagas.Select(saga => saga.TransferId).ToHashSet();
        broken.AddRange(debits.Select(leg => leg.Key).Concat(credits.Select(leg => leg.Key)).Distinct().Where(id => !known.Contains(id)).Select(id => $"transfer {id} moved money but is unknown"));
        return new CheckResult("each completed transfer has one debit and one credit that match, each failed one none", facts.Sagas.Count, "transfers", broken);
    }

    public static CheckResult TransferRefusals(BankFacts facts)
    {
        var refused = facts.Sagas.Where(saga => saga is { State: "Failed", RefusingAccountId: not null, FailureReason: DeclineReason.AccountIsClosed or DeclineReason.CurrencyMismatch }).ToList();
        var broken = new List<string>();
        foreach (var saga in refused)
        {
            var account = facts.Accounts.GetValueOrDefault(saga.RefusingAccountId!, Account.None);
            var isSo = saga.FailureReason == DeclineReason.AccountIsClosed ? account.Status == AccountStatus.Closed : account.Currency is not null && account.Currency != saga.Currency;
            if (!isSo) broken.Add($"transfer {saga.TransferId} failed with {saga.FailureReason} because of account {saga.RefusingAccountId}, of which that is not true");
        }

        return new CheckResult("what a transfer was refused for is true of the account", refused.Count, "transfers", broken);
    }

    public static CheckResult KnownAccounts(BankFacts facts)
    {
        var broken = new List<string>();
        foreach (var known in facts.KnownAccounts.Values)
        {
            var account = facts.Accounts.GetValueOrDefault(known.AccountId, Account.None);
            if (known.Currency is not null && known.Currency != account.Currency) broken.Add($"account {known.AccountId}: Bank.Transfers takes its currency for {known.Currency}; it is {account.Currency ?? "unknown"}");
            if (known.IsClosed && account.Status != AccountStatus.Closed) broken.Add($"account {known.AccountId}: Bank.Transfers takes it for closed");
        }

        // Before the past is there, what is missing is not lost.
        if (facts.KnowsAllAccounts)
        {
            foreach (var (id, account) in facts.Accounts.Where(pair => pair.Value.Status != AccountStatus.None))
            {
                if (facts.KnownAccounts.GetValueOrDefault(id) is not { Currency: not null } known) broken.Add($"account {id}: Bank.Transfers has not heard of its opening");
                else if (account.Status == AccountStatus.Closed && !known.IsClosed) broken.Add($"account {id}: Bank.Transfers has not heard of its closing");
            }
        }

        return new CheckResult("the copy of accounts that transfers are checked against is true", facts.KnownAccounts.Count, "accounts", broken);
    }

    public static CheckResult Holds(BankFacts facts)
    {
        var open = facts.Sagas.Where(saga => saga.State is not ("Completed" or "Failed")).Select(saga => saga.TransferId).ToHashSet();
        var holds = facts.Accounts.SelectMany(account => account.Value.Holds.Select(hold => (AccountId: account.Key, Id: hold.Key, hold.Value.TransferId))).ToList();
        return new CheckResult(
            "no hold outlives its transfer", holds.Count, "holds",
            [.. holds.Where(hold => hold.TransferId is { } transfer && !open.Contains(transfer)).Select(hold => $"account {hold.AccountId} holds money for transfer {hold.TransferId}, which has ended or is unknown")]);
    }

    public static CheckResult Published(BankFacts facts) => new(
        "every stored event was published", facts.Events.Count + facts.Journal.Count + facts.Findings.Count, "events",
        [
            .. facts.Events.Where(stored => stored.Position > facts.PublishedPosition)
                .Select(stored => $"event {stored.EventId} of account {stored.AccountId}, version {stored.Version}, at position {stored.Position}: published up to position {facts.PublishedPosition}"),
            .. facts.Journal.Where(kept => kept.Position > facts.PublishedJournalPosition)
                .Select(kept => $"event {kept.EventId} of {kept.StreamId}, version {kept.Version}, at position {kept.Position} of the journal: published up to position {facts.PublishedJournalPosition}"),
            .. facts.Findings.Where(found => found.Position > facts.PublishedFindingsPosition)
                .Select(found => $"event {found.EventId} of {found.StreamId}, version {found.Version}, at position {found.Position} of Bank.Insights: published up to position {facts.PublishedFindingsPosition}"),
        ]);

    public static CheckResult ErrorQueue(BankFacts facts)
    {
        IReadOnlyList<string> broken = facts.ErrorFiles.Count > 0 ? [.. facts.ErrorFiles.Select(file => $"a failed message waits: {file}")]
            : facts.Errors > 0 ? [$"{facts.Errors} messages wait in 'error'; ServicePulse or the broker's own page shows which"] : [];
        return new CheckResult("nothing waits in the error queue", facts.Errors, "failed messages", broken);
    }

    private static bool Matches(SagaRow saga, StoredEvent debit, StoredEvent credit) =>
        debit.AccountId == saga.PayerAccountId && credit.AccountId == saga.PayeeAccountId
        && new Money(((Captured)debit.Event).Amount, debit.Event.UnitCurrency) == new Money(saga.Amount, saga.Currency)
        && new Money(((Credited)credit.Event).Amount, credit.Event.UnitCurrency) == new Money(saga.Amount, saga.Currency);
}
