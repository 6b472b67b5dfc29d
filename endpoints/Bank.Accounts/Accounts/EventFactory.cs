using Bank.Contracts;
using Bank.Contracts.Accounts;

namespace Bank.Accounts.Accounts;

/// <summary>Makes the event that answers one command, with the resulting balances.</summary>
internal readonly struct EventFactory(Account account, IBankCommand command, DateTimeOffset now, string? currencyAsked = null)
{
    // ISO 4217: the code for transactions where no currency is involved.
    private const string NoCurrency = "XXX";

    // A refusal of a malformed origin is stored and published like any other fact; everybody must be able to keep it.
    private readonly Origin origin = command.Origin.Legible();

    private string Unit => account.Currency ?? (Currency.IsWellFormed(currencyAsked) ? currencyAsked! : NoCurrency);

    public Opened Opened(string currency, long overdraftLimit) => new()
    {
        RequestId = command.RequestId,
        Origin = origin,
        OccurredAt = now,
        UnitCurrency = currency,
        Balance = 0,
        Available = overdraftLimit,
        Currency = currency,
        OverdraftLimit = overdraftLimit,
    };

    public Deposited Deposited(Deposit asked) => new()
    {
        RequestId = command.RequestId,
        Origin = origin,
        OccurredAt = now,
        UnitCurrency = Unit,
        Balance = account.Balance + asked.Amount.MinorUnits,
        Available = AvailableAfter(asked.Amount.MinorUnits),
        Amount = asked.Amount.MinorUnits,
        ValueDate = ValueDate.Of(asked.ValueDate, now),
    };

    public Withdrawn Withdrawn(Withdraw asked) => new()
    {
        RequestId = command.RequestId,
        Origin = origin,
        OccurredAt = now,
        UnitCurrency = Unit,
        Balance = account.Balance - asked.Amount.MinorUnits,
        Available = AvailableAfter(-asked.Amount.MinorUnits),
        Amount = asked.Amount.MinorUnits,
        ValueDate = ValueDate.Of(asked.ValueDate, now),
    };

    public WithdrawalRefused WithdrawalRefused(Money asked, string reason) => new()
    {
        RequestId = command.RequestId,
        Origin = origin,
        OccurredAt = now,
        UnitCurrency = Unit,
        Balance = account.Balance,
        Available = AvailableAfter(0),
        Asked = asked,
        Reason = reason,
    };

    public Reserved Reserved(ReserveFunds asked) => new()
    {
        RequestId = command.RequestId,
        Origin = origin,
        OccurredAt = now,
        UnitCurrency = Unit,
        Balance = account.Balance,
        Available = AvailableAfter(-asked.Amount.MinorUnits),
        ReservationId = asked.ReservationId,
        Amount = asked.Amount.MinorUnits,
        TransferId = asked.TransferId,
        CounterpartyAccountId = asked.CounterpartyAccountId,
        ExpiresAt = asked.ExpiresAt,
    };

    public ReservationRefused ReservationRefused(ReserveFunds asked, string reason) => new()
    {
        RequestId = command.RequestId,
        Origin = origin,
        OccurredAt = now,
        UnitCurrency = Unit,
        Balance = account.Balance,
        Available = AvailableAfter(0),
        ReservationId = asked.ReservationId,
        Asked = asked.Amount,
        TransferId = asked.TransferId,
        Reason = reason,
    };

    public Captured Captured(Guid reservationId, Hold hold) => new()
    {
        RequestId = command.RequestId,
        Origin = origin,
        OccurredAt = now,
        UnitCurrency = Unit,
        Balance = account.Balance - hold.Amount,
        // The hold had been taken from what is available already.
        Available = AvailableAfter(0),
        ReservationId = reservationId,
        Amount = hold.Amount,
        TransferId = hold.TransferId,
        CounterpartyAccountId = hold.CounterpartyAccountId,
        ValueDate = ValueDate.DayOf(now),
    };

    public Released Released(Guid reservationId, Hold? hold, string reason) => new()
    {
        RequestId = command.RequestId,
        Origin = origin,
        OccurredAt = now,
        UnitCurrency = Unit,
        Balance = account.Balance,
        Available = AvailableAfter(hold?.Amount ?? 0),
        ReservationId = reservationId,
        HadHold = hold is not null,
        Amount = hold?.Amount ?? 0,
        TransferId = hold?.TransferId,
        Reason = reason,
    };

    public Credited Credited(CreditAccount asked) => new()
    {
        RequestId = command.RequestId,
        Origin = origin,
        OccurredAt = now,
        UnitCurrency = Unit,
        Balance = account.Balance + asked.Amount.MinorUnits,
        Available = AvailableAfter(asked.Amount.MinorUnits),
        TransferId = asked.TransferId,
        Amount = asked.Amount.MinorUnits,
        CounterpartyAccountId = asked.CounterpartyAccountId,
        ValueDate = ValueDate.DayOf(now),
    };

    public CreditRefused CreditRefused(CreditAccount asked, string reason) => new()
    {
        RequestId = command.RequestId,
        Origin = origin,
        OccurredAt = now,
        UnitCurrency = Unit,
        Balance = account.Balance,
        Available = AvailableAfter(0),
        TransferId = asked.TransferId,
        Asked = asked.Amount,
        Reason = reason,
    };

    public Closed Closed() => new()
    {
        RequestId = command.RequestId,
        Origin = origin,
        OccurredAt = now,
        UnitCurrency = Unit,
        Balance = account.Balance,
        Available = AvailableAfter(0),
    };

    public RequestRefused Refused(string reason, Guid? reservationId = null) => new()
    {
        RequestId = command.RequestId,
        Origin = origin,
        OccurredAt = now,
        UnitCurrency = Unit,
        Balance = account.Balance,
        Available = AvailableAfter(0),
        Command = command.GetType().Name,
        ReservationId = reservationId,
        Reason = reason,
    };

    private long AvailableAfter(long change) => checked((long)(account.Available + change));
}
