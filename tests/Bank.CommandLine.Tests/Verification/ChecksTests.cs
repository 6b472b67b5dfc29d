using Bank.Accounts.Accounts;
using Bank.Accounts.Handlers;
using Bank.CommandLine.Verification;
using Bank.Contracts;

namespace Bank.CommandLine.Tests.Verification;

/// <summary>Each invariant holds of a sound bank, and notices when the fact that it guards is broken.</summary>
public sealed class ChecksTests
{
    private static readonly Guid Transfer = new("11111111-1111-1111-1111-111111111111");

    [Fact]
    public void A_sound_bank_passes_every_check() => Assert.All(Checks.All(Sound()), result => Assert.Empty(result.Broken));

    [Fact]
    public void A_transfer_of_before_there_was_a_journal_needs_no_end_in_it() => Assert.Empty(Checks.TransfersJournaled(Sound() with { Journal = [] }).Broken);

    [Fact]
    public void A_copy_that_does_not_hold_the_past_yet_may_miss_any_of_it() =>
        Assert.Empty(Checks.KnownAccounts(Sound() with { KnownAccounts = new Dictionary<string, KnownAccountRow>(), KnowsAllAccounts = false }).Broken);

    [Fact]
    public void A_transfer_may_be_refused_for_what_is_true_of_an_account()
    {
        var closed = Sound() with { Accounts = new Dictionary<string, Account> { ["payee"] = Sound().Accounts["payee"].Evolve(ClosedNow()) } };
        Assert.Empty(Checks.TransferRefusals(Refused(closed, "AccountIsClosed", "payee")).Broken);
        var dollars = Refused(Sound(), "CurrencyMismatch", "payer");
        Assert.Empty(Checks.TransferRefusals(dollars with { Sagas = [dollars.Sagas[0] with { Currency = "USD" }] }).Broken);
        Assert.Empty(Checks.TransferRefusals(Refused(Sound(), "InsufficientFunds", "payer")).Broken);
    }

    public static TheoryData<string, string> Breakages => new()
    {
        { "a position is missing", "position 1 is missing" },
        { "an event tells of another balance", "account payer, version 1: event" },
        { "an event answers another request", "account payer, version 1: the id of event" },
        { "a line has another balance than its event", "account payee, version 1: the line has a balance of 41" },
        { "a leg is lost", "do not balance" },
        { "a balance is wrong", "account payer: projected 1/" },
        { "a line is missing", "account payee, version 1 has no line" },
        { "a line tells of another event", "account payee, version 1: the line tells" },
        { "a running balance does not follow", "do not make" },
        { "a request has two outcomes", "outcomes" },
        { "a transfer does not end", $"transfer {Transfer} is still Crediting" },
        { "a transfer's view disagrees", $"transfer {Transfer} is Completed, but its view" },
        { "a credit is booked twice", $"transfer {Transfer} is Completed with 1 debits and 2 credits" },
        { "a transfer is unknown", $"transfer {Transfer} moved money but is unknown" },
        { "a transfer was refused for an account that is open", $"transfer {Transfer} failed with AccountIsClosed because of account payee" },
        { "a transfer was refused for the currency that the account has", $"transfer {Transfer} failed with CurrencyMismatch because of account payer" },
        { "the copy takes an account for closed", "account payee: Bank.Transfers takes it for closed" },
        { "the copy has another currency", "account payer: Bank.Transfers takes its currency for USD; it is EUR" },
        { "the copy misses an account", "account payee: Bank.Transfers has not heard of its opening" },
        { "the copy misses a closing", "account payee: Bank.Transfers has not heard of its closing" },
        { "a hold outlives its transfer", $"holds money for transfer {Transfer}" },
        { "an account is beyond its limit", "account payer: available is -" },
        { "publishing lags", "published up to position 3" },
        { "publishing of transfers lags", "at position 1 of the journal: published up to position 0" },
        { "publishing of findings lags", "at position 0 of Bank.Insights: published up to position -1" },
        { "the journal misses the end of a transfer", $"transfer {Transfer} is Completed, but its journal" },
        { "the journal tells of another end", $"transfer {Transfer} is Completed, but its journal" },
        { "a message failed", "1 messages wait" },
        { "a message failed and lies in a file", "transport/error/1.json" },
    };

    [Theory]
    [MemberData(nameof(Breakages))]
    public void What_is_broken_is_named(string what, string named)
    {
        var broken = Checks.All(Break(Sound(), what)).SelectMany(result => result.Broken);
        Assert.Contains(broken, problem => problem.Contains(named, StringComparison.Ordinal));
    }

    private static BankFacts Break(BankFacts facts, string what) => what switch
    {
        "a position is missing" => facts with { Events = [facts.Events[0], .. facts.Events.Skip(2)] },
        "an event tells of another balance" => facts with { Events = [.. facts.Events.Select(stored => Payer(stored) && stored.Version == 1 ? stored with { Event = stored.Event with { Balance = 99 } } : stored)] },
        "an event answers another request" => facts with { Events = [.. facts.Events.Select(stored => Payer(stored) && stored.Version == 1 ? stored with { Event = stored.Event with { RequestId = Guid.NewGuid() } } : stored)] },
        "a line has another balance than its event" => facts with { Lines = [.. facts.Lines.Select(line => line is { AccountId: "payee", Version: 1 } ? line with { Balance = 41 } : line)] },
        "a leg is lost" => facts with { Ledger = [.. facts.Ledger.Skip(1)] },
        "a balance is wrong" => facts with { Balances = facts.Balances.ToDictionary(pair => pair.Key, pair => pair.Value with { Balance = 1 }) },
        "a line is missing" => facts with { Lines = [.. facts.Lines.Where(line => line is not { AccountId: "payee", Version: 1 })] },
        "a line tells of another event" => facts with { Lines = [.. facts.Lines.Select(line => line is { AccountId: "payee", Version: 1 } ? line with { EventId = "other" } : line)] },
        "a running balance does not follow" => facts with { Lines = [.. facts.Lines.Select(line => line with { Balance = line.Balance + (line.Version == 1 ? 5 : 0) })] },
        "a request has two outcomes" => Again(facts),
        "a transfer does not end" => facts with { Sagas = [facts.Sagas[0] with { State = "Crediting" }] },
        "a transfer's view disagrees" => facts with { Transfers = new Dictionary<string, TransferRow>() },
        "a credit is booked twice" => Again(facts),
        "a transfer is unknown" => facts with { Sagas = [] },
        "a transfer was refused for an account that is open" => Refused(facts, "AccountIsClosed", "payee"),
        "a transfer was refused for the currency that the account has" => Refused(facts, "CurrencyMismatch", "payer"),
        "the copy takes an account for closed" => Known(facts, new KnownAccountRow("payee", "EUR", true)),
        "the copy has another currency" => Known(facts, new KnownAccountRow("payer", "USD", false)),
        "the copy misses an account" => facts with { KnownAccounts = facts.KnownAccounts.Where(pair => pair.Key != "payee").ToDictionary() },
        "the copy misses a closing" => facts with { Accounts = new Dictionary<string, Account>(facts.Accounts) { ["payee"] = facts.Accounts["payee"].Evolve(ClosedNow()) } },
        "a hold outlives its transfer" => facts with { Accounts = new Dictionary<string, Account>(facts.Accounts) { ["payer"] = Account.Fold(facts.Events.Where(Payer).Take(3).Select(stored => stored.Event)) } },
        "an account is beyond its limit" => facts with { Accounts = new Dictionary<string, Account>(facts.Accounts) { ["payer"] = Account.None.Evolve(Withdrawn()) } },
        "publishing lags" => facts with { PublishedPosition = 3 },
        "publishing of transfers lags" => facts with { PublishedJournalPosition = 0 },
        "publishing of findings lags" => facts with { PublishedFindingsPosition = -1 },
        "the journal misses the end of a transfer" => facts with { Journal = [facts.Journal[0]] },
        "the journal tells of another end" => facts with { Journal = [facts.Journal[0], facts.Journal[1] with { Type = "TransferFailed" }] },
        "a message failed" => facts with { Errors = 1 },
        "a message failed and lies in a file" => facts with { Errors = 1, ErrorFiles = ["transport/error/1.json"] },
        _ => throw new ArgumentOutOfRangeException(nameof(what)),
    };

    private static BankFacts Refused(BankFacts facts, string reason, string account) =>
        facts with { Sagas = [facts.Sagas[0] with { State = "Failed", FailureReason = reason, RefusingAccountId = account }] };

    private static BankFacts Known(BankFacts facts, KnownAccountRow row) => facts with { KnownAccounts = new Dictionary<string, KnownAccountRow>(facts.KnownAccounts) { [row.AccountId] = row } };

    private static bool Payer(StoredEvent stored) => stored.AccountId == "payer";

    private static BankFacts Again(BankFacts facts)
    {
        var credit = facts.Events.Single(stored => stored.Event is Credited);
        return facts with { Events = [.. facts.Events, credit with { Version = 2, Position = facts.Events.Count }] };
    }

    /// <summary>Two accounts, a deposit, and a transfer of 40 of the 100.</summary>
    private static BankFacts Sound()
    {
        var events = new List<StoredEvent>();
        void Add(string account, int version, AccountEvent @event) => events.Add(new StoredEvent(account, version, events.Count, AccountStore.EventId(account, @event.RequestId), @event));
        Add("payer", 0, new Opened { RequestId = Guid.NewGuid(), Origin = Origin, OccurredAt = At, UnitCurrency = "EUR", Balance = 0, Available = 0, Currency = "EUR", OverdraftLimit = 0 });
        Add("payee", 0, new Opened { RequestId = Guid.NewGuid(), Origin = Origin, OccurredAt = At, UnitCurrency = "EUR", Balance = 0, Available = 0, Currency = "EUR", OverdraftLimit = 0 });
        Add("payer", 1, new Deposited { RequestId = Guid.NewGuid(), Origin = Origin, OccurredAt = At, UnitCurrency = "EUR", Balance = 100, Available = 100, Amount = 100 });
        Add("payer", 2, new Reserved { RequestId = Guid.NewGuid(), Origin = Origin, OccurredAt = At, UnitCurrency = "EUR", Balance = 100, Available = 60, ReservationId = Transfer, Amount = 40, TransferId = Transfer });
        Add("payee", 1, new Credited { RequestId = Guid.NewGuid(), Origin = Origin, OccurredAt = At, UnitCurrency = "EUR", Balance = 40, Available = 40, TransferId = Transfer, Amount = 40 });
        Add("payer", 3, new Captured { RequestId = Guid.NewGuid(), Origin = Origin, OccurredAt = At, UnitCurrency = "EUR", Balance = 60, Available = 60, ReservationId = Transfer, Amount = 40, TransferId = Transfer });

        long[] amounts = [0, 0, 100, 0, 40, -40];
        var accounts = events.GroupBy(stored => stored.AccountId).ToDictionary(group => group.Key, group => Account.Fold(group.Select(stored => stored.Event)));
        return new BankFacts
        {
            HeadPosition = 5,
            PublishedPosition = 5,
            Events = events,
            Journal = [.. new[] { "TransferInitiated", "TransferCompleted" }.Select((type, index) => new JournalEvent($"transfer-{Transfer}", index, index, Guid.NewGuid(), type))],
            PublishedJournalPosition = 1,
            Findings = [new JournalEvent("suspicions-payer", 0, 0, Guid.NewGuid(), "TransferBurst")],
            PublishedFindingsPosition = 0,
            Accounts = accounts,
            Balances = accounts.ToDictionary(pair => pair.Key, pair => new BalanceRow(pair.Key, pair.Value.Version, "EUR", pair.Value.Balance, (long)pair.Value.Available)),
            Lines = [.. events.Zip(amounts, (stored, amount) => new LineRow(stored.AccountId, stored.Version, stored.EventId.ToString(), amount != 0, amount, stored.Event.Balance))],
            Ledger = [.. events.Zip(amounts).Where(pair => pair.Second != 0).SelectMany(pair => Legs(pair.First, pair.Second))],
            Sagas = [new SagaRow(Transfer, "Completed", "payer", "payee", 40, "EUR", At.AddMinutes(5))],
            Transfers = new Dictionary<string, TransferRow> { [Transfer.ToString()] = new(Transfer.ToString(), 1) },
            KnownAccounts = accounts.Keys.ToDictionary(id => id, id => new KnownAccountRow(id, "EUR", false)),
            KnowsAllAccounts = true,
            Errors = 0,
            ReadAt = At.AddHours(1),
        };
    }

    private static IEnumerable<LedgerRow> Legs(StoredEvent stored, long amount) =>
    [
        new(stored.AccountId, stored.Version, "account:" + stored.AccountId, "EUR", amount),
        new(stored.AccountId, stored.Version, "other", "EUR", -amount),
    ];

    private static Closed ClosedNow() => new() { RequestId = Guid.NewGuid(), Origin = Origin, OccurredAt = At, UnitCurrency = "EUR", Balance = 0, Available = 0 };

    private static Withdrawn Withdrawn() => new()
    {
        RequestId = Guid.NewGuid(),
        Origin = Origin,
        OccurredAt = At,
        UnitCurrency = "EUR",
        Balance = -5,
        Available = -5,
        Amount = 5,
    };

    private static DateTimeOffset At => new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static Origin Origin => new() { RequestedBy = "tester", Channel = "test", RequestedAt = At };
}
