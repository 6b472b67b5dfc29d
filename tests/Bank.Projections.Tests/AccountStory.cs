using Bank.Contracts;
using Bank.Contracts.Accounts;

namespace Bank.Projections.Tests;

/// <summary>The history of one account, told event by event, a minute apart, as its owner would publish it.</summary>
internal sealed class AccountStory(string id, string currency = "EUR")
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly List<IAccountEvent> events = [];
    private long balance;
    private long held;
    private long overdraft;

    public string Id { get; } = id;

    public IReadOnlyList<IAccountEvent> Events => events;

    private Money Balance => new(balance, currency);

    private Money Available => new(balance + overdraft - held, currency);

    private static Origin Teller { get; } = new() { RequestedBy = "teller-17", Channel = "branch", RequestedAt = Start, Purpose = "P1" };

    public static DateTimeOffset Minute(int minute) => Start.AddMinutes(minute);

    public AccountStory Opened(long limit = 0)
    {
        overdraft = limit;
        return Add((eventId, version, at) => new AccountOpened
        {
            EventId = eventId, RequestId = eventId, Origin = Teller, OccurredAt = at, AccountId = Id, AccountVersion = version,
            Balance = Balance, Available = Available, Currency = currency, OverdraftLimit = new Money(limit, currency),
        });
    }

    public AccountStory Deposited(long amount, string? valueDate = null)
    {
        balance += amount;
        return Add((eventId, version, at) => new MoneyDeposited
        {
            EventId = eventId, RequestId = eventId, Origin = Teller, OccurredAt = at, AccountId = Id, AccountVersion = version,
            Balance = Balance, Available = Available, Amount = new Money(amount, currency), ValueDate = valueDate,
        });
    }

    public AccountStory Withdrawn(long amount, string? valueDate = null)
    {
        balance -= amount;
        return Add((eventId, version, at) => new MoneyWithdrawn
        {
            EventId = eventId, RequestId = eventId, Origin = Teller, OccurredAt = at, AccountId = Id, AccountVersion = version,
            Balance = Balance, Available = Available, Amount = new Money(amount, currency), ValueDate = valueDate,
        });
    }

    public AccountStory WithdrawalDeclined(long amount) => Add((eventId, version, at) => new WithdrawalDeclined
    {
        EventId = eventId, RequestId = eventId, Origin = Teller, OccurredAt = at, AccountId = Id, AccountVersion = version,
        Balance = Balance, Available = Available, Amount = new Money(amount, currency), Reason = DeclineReason.InsufficientFunds,
    });

    public AccountStory Reserved(Guid transfer, long amount, string payee = "payee")
    {
        held += amount;
        return Add((eventId, version, at) => new FundsReserved
        {
            EventId = eventId, RequestId = eventId, Origin = Teller, OccurredAt = at, AccountId = Id, AccountVersion = version,
            Balance = Balance, Available = Available, ReservationId = transfer, TransferId = transfer, Amount = new Money(amount, currency), CounterpartyAccountId = payee,
        });
    }

    public AccountStory Captured(Guid transfer, long amount, string payee = "payee")
    {
        (held, balance) = (held - amount, balance - amount);
        return Add((eventId, version, at) => new ReservationCaptured
        {
            EventId = eventId, RequestId = eventId, Origin = Teller, OccurredAt = at, AccountId = Id, AccountVersion = version,
            Balance = Balance, Available = Available, ReservationId = transfer, TransferId = transfer, Amount = new Money(amount, currency), CounterpartyAccountId = payee,
        });
    }

    public AccountStory Released(Guid transfer, long amount)
    {
        held -= amount;
        return Add((eventId, version, at) => new ReservationReleased
        {
            EventId = eventId, RequestId = eventId, Origin = Teller, OccurredAt = at, AccountId = Id, AccountVersion = version,
            Balance = Balance, Available = Available, ReservationId = transfer, TransferId = transfer, Amount = new Money(amount, currency), Reason = ReleaseReason.Requested,
        });
    }

    public AccountStory Credited(Guid transfer, long amount, string payer = "payer")
    {
        balance += amount;
        return Add((eventId, version, at) => new AccountCredited
        {
            EventId = eventId, RequestId = eventId, Origin = Teller, OccurredAt = at, AccountId = Id, AccountVersion = version,
            Balance = Balance, Available = Available, TransferId = transfer, Amount = new Money(amount, currency), CounterpartyAccountId = payer,
        });
    }

    public AccountStory Closed() => Add((eventId, version, at) => new AccountClosed
    {
        EventId = eventId, RequestId = eventId, Origin = Teller, OccurredAt = at, AccountId = Id, AccountVersion = version, Balance = Balance, Available = Available,
    });

    public AccountStory Refused(string command) => Add((eventId, version, at) => new AccountRequestDeclined
    {
        EventId = eventId, RequestId = eventId, Origin = Teller, OccurredAt = at, AccountId = Id, AccountVersion = version,
        Balance = Balance, Available = Available, Command = command, Reason = DeclineReason.AccountUnknown,
    });

    private AccountStory Add(Func<Guid, long, DateTimeOffset, IAccountEvent> make)
    {
        events.Add(make(Guid.NewGuid(), events.Count, Minute(events.Count)));
        return this;
    }
}
