using System.Globalization;
using Bank.Accounts.Accounts;
using Bank.Contracts;
using Bank.Contracts.Accounts;

namespace Bank.Accounts.Tests.Accounts;

/// <summary>Given what was asked before, when this is asked, then that happens.</summary>
internal sealed class Story
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly Origin Alice = new() { RequestedBy = "alice", Channel = "branch", RequestedAt = Noon, Purpose = "a test" };
    public const string AccountId = "A-1";

    private Account account = Account.None;
    private AccountEvent? last;

    public static Story Given(params IBankCommand[] commands)
    {
        var story = new Story();
        foreach (var command in commands)
        {
            var decided = Decide(story.account, command, Noon);
            Assert.Null(ReasonOf(decided));
            story.account = story.account.Evolve(decided);
        }

        return story;
    }

    public Story When(IBankCommand command, DateTimeOffset? at = null)
    {
        last = Decide(account, command, at ?? Noon);
        account = account.Evolve(last);
        return this;
    }

    public Story Then<TEvent>(decimal balance, decimal available) where TEvent : AccountEvent
    {
        Assert.IsType<TEvent>(last);
        Assert.Null(ReasonOf(last));
        return Has(balance, available);
    }

    public Story ThenRefused<TEvent>(string reason, decimal balance, decimal available) where TEvent : AccountEvent
    {
        Assert.IsType<TEvent>(last);
        Assert.Equal(reason, ReasonOf(last));
        return Has(balance, available);
    }

    public TEvent Last<TEvent>() where TEvent : AccountEvent => Assert.IsType<TEvent>(last);

    public Account Account => account;

    public static OpenAccount Open(string currency = "EUR", decimal? overdraft = null) => new()
    {
        RequestId = Guid.NewGuid(), Origin = Alice, AccountId = AccountId, Currency = currency,
        OverdraftLimit = overdraft is { } limit ? Money.FromDecimal(limit, "EUR") : null,
    };

    public static Deposit Deposit(decimal amount, string currency = "EUR") =>
        new() { RequestId = Guid.NewGuid(), Origin = Alice, AccountId = AccountId, Amount = Money.FromDecimal(amount, currency) };

    public static Withdraw Withdraw(decimal amount, string currency = "EUR") =>
        new() { RequestId = Guid.NewGuid(), Origin = Alice, AccountId = AccountId, Amount = Money.FromDecimal(amount, currency) };

    public static ReserveFunds Reserve(decimal amount, Guid hold, Guid? transfer = null, DateTimeOffset? expires = null, DateTimeOffset? validUntil = null) => new()
    {
        RequestId = Guid.NewGuid(), Origin = Alice, AccountId = AccountId, ReservationId = hold, Amount = Money.FromDecimal(amount, "EUR"),
        TransferId = transfer, ExpiresAt = expires, ValidUntil = validUntil,
    };

    public static CaptureReservation Capture(Guid hold, Guid? transfer = null) =>
        new() { RequestId = Guid.NewGuid(), Origin = Alice, AccountId = AccountId, ReservationId = hold, TransferId = transfer };

    public static ReleaseReservation Release(Guid hold, Guid? transfer = null) =>
        new() { RequestId = Guid.NewGuid(), Origin = Alice, AccountId = AccountId, ReservationId = hold, TransferId = transfer };

    public static ExpireReservation Expire(Guid hold) => new() { RequestId = Guid.NewGuid(), Origin = Alice, AccountId = AccountId, ReservationId = hold };

    public static CreditAccount Credit(decimal amount, string currency = "EUR", DateTimeOffset? validUntil = null) => new()
    {
        RequestId = Guid.NewGuid(), Origin = Alice, AccountId = AccountId, TransferId = Guid.NewGuid(), Amount = Money.FromDecimal(amount, currency), ValidUntil = validUntil,
    };

    public static CloseAccount Close() => new() { RequestId = Guid.NewGuid(), Origin = Alice, AccountId = AccountId };

    public static AccountEvent Decide(Account account, IBankCommand command, DateTimeOffset now) => command switch
    {
        OpenAccount c => AccountDecider.Decide(account, c, now),
        Deposit c => AccountDecider.Decide(account, c, now),
        Withdraw c => AccountDecider.Decide(account, c, now),
        ReserveFunds c => AccountDecider.Decide(account, c, now),
        CaptureReservation c => AccountDecider.Decide(account, c, now),
        ReleaseReservation c => AccountDecider.Decide(account, c, now),
        ExpireReservation c => AccountDecider.Decide(account, c, now),
        CreditAccount c => AccountDecider.Decide(account, c, now),
        CloseAccount c => AccountDecider.Decide(account, c, now),
        _ => throw new InvalidOperationException($"{command} is no command of an account."),
    };

    /// <summary>Why an event refuses; null when it does not.</summary>
    public static string? ReasonOf(AccountEvent? @event) => @event switch
    {
        WithdrawalRefused e => e.Reason,
        ReservationRefused e => e.Reason,
        CreditRefused e => e.Reason,
        RequestRefused e => e.Reason,
        _ => null,
    };

    private Story Has(decimal balance, decimal available)
    {
        Assert.Equal((Cents(balance), Cents(available)), (last!.Balance, last.Available));
        Assert.Equal((Cents(balance), (Int128)Cents(available)), (account.Balance, account.Available));
        return this;
    }

    private static long Cents(decimal amount) => decimal.ToInt64(amount * 100);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{account}");
}
