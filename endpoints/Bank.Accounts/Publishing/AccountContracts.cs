using System.Globalization;
using Bank.Accounts.Accounts;
using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.Hub;
using Bank.StreamStore.Streams;

namespace Bank.Accounts.Publishing;

/// <summary>What others may see of a stored event.</summary>
public sealed class AccountContracts : IContractMapper
{
    private const string StreamPrefix = "account-";

    public IReadOnlyCollection<Type> ContractTypes { get; } =
    [
        .. typeof(IAccountEvent).Assembly.GetExportedTypes().Where(type => !type.IsInterface && typeof(IAccountEvent).IsAssignableFrom(type)),
        typeof(ReservationReleased2),
    ];

    public object? Map(StreamMessage message, string json) => Shapes(message, json) is [var oldest, ..] ? oldest : null;

    public IReadOnlyList<object> Shapes(StreamMessage message, string json)
    {
        if (!message.StreamId.StartsWith(StreamPrefix, StringComparison.Ordinal)) return [];
        var stored = AccountEventJson.Read(message.Type, json);
        var shape = Map(message.StreamId[StreamPrefix.Length..], message.StreamVersion, message.MessageId, stored);
        return Successor(shape, stored) is { } successor ? [shape, successor] : [shape];
    }

    /// <summary>The same fact in the shape that is to take the place of the older one; null for one that has a single shape.</summary>
    public static ISuccessorEvent? Successor(IAccountEvent shape, AccountEvent stored) => (shape, stored) switch
    {
        (ReservationReleased old, Released e) => new ReservationReleased2
        {
            EventId = old.EventId, RequestId = old.RequestId, OccurredAt = old.OccurredAt, Origin = old.Origin, AccountId = old.AccountId, AccountVersion = old.AccountVersion,
            Balance = old.Balance, Available = old.Available, ReservationId = old.ReservationId, Amount = e.HadHold ? old.Amount : null, TransferId = old.TransferId,
            Reason = old.Reason,
        },
        _ => null,
    };

    public static IAccountEvent Map(string accountId, long version, Guid id, AccountEvent stored)
    {
        Money Units(long amount) => new(amount, stored.UnitCurrency);
        string Day(DateOnly? valueDate) => ValueDates.Of(valueDate?.ToString("O", CultureInfo.InvariantCulture), stored.OccurredAt);
        var (balance, available) = (Units(stored.Balance), Units(stored.Available));
        return stored switch
        {
            Opened e => new AccountOpened
            {
                EventId = id, RequestId = e.RequestId, OccurredAt = e.OccurredAt, Origin = e.Origin, AccountId = accountId, AccountVersion = version,
                Balance = balance, Available = available, Currency = e.Currency, OverdraftLimit = Units(e.OverdraftLimit),
            },
            Deposited e => new MoneyDeposited
            {
                EventId = id, RequestId = e.RequestId, OccurredAt = e.OccurredAt, Origin = e.Origin, AccountId = accountId, AccountVersion = version,
                Balance = balance, Available = available, Amount = Units(e.Amount), ValueDate = Day(e.ValueDate),
            },
            Withdrawn e => new MoneyWithdrawn
            {
                EventId = id, RequestId = e.RequestId, OccurredAt = e.OccurredAt, Origin = e.Origin, AccountId = accountId, AccountVersion = version,
                Balance = balance, Available = available, Amount = Units(e.Amount), ValueDate = Day(e.ValueDate),
            },
            WithdrawalRefused e => new WithdrawalDeclined
            {
                EventId = id, RequestId = e.RequestId, OccurredAt = e.OccurredAt, Origin = e.Origin, AccountId = accountId, AccountVersion = version,
                Balance = balance, Available = available, Amount = e.Asked, Reason = e.Reason,
            },
            Reserved e => new FundsReserved
            {
                EventId = id, RequestId = e.RequestId, OccurredAt = e.OccurredAt, Origin = e.Origin, AccountId = accountId, AccountVersion = version,
                Balance = balance, Available = available, ReservationId = e.ReservationId, Amount = Units(e.Amount), TransferId = e.TransferId,
                CounterpartyAccountId = e.CounterpartyAccountId, ExpiresAt = e.ExpiresAt,
            },
            ReservationRefused e => new FundsReservationDeclined
            {
                EventId = id, RequestId = e.RequestId, OccurredAt = e.OccurredAt, Origin = e.Origin, AccountId = accountId, AccountVersion = version,
                Balance = balance, Available = available, ReservationId = e.ReservationId, Amount = e.Asked, TransferId = e.TransferId, Reason = e.Reason,
            },
            Captured e => new ReservationCaptured
            {
                EventId = id, RequestId = e.RequestId, OccurredAt = e.OccurredAt, Origin = e.Origin, AccountId = accountId, AccountVersion = version,
                Balance = balance, Available = available, ReservationId = e.ReservationId, Amount = Units(e.Amount), TransferId = e.TransferId,
                CounterpartyAccountId = e.CounterpartyAccountId, ValueDate = Day(e.ValueDate),
            },
            Released e => new ReservationReleased
            {
                EventId = id, RequestId = e.RequestId, OccurredAt = e.OccurredAt, Origin = e.Origin, AccountId = accountId, AccountVersion = version,
                Balance = balance, Available = available, ReservationId = e.ReservationId, Amount = Units(e.Amount), TransferId = e.TransferId, Reason = e.Reason,
            },
            Credited e => new AccountCredited
            {
                EventId = id, RequestId = e.RequestId, OccurredAt = e.OccurredAt, Origin = e.Origin, AccountId = accountId, AccountVersion = version,
                Balance = balance, Available = available, TransferId = e.TransferId, Amount = Units(e.Amount), CounterpartyAccountId = e.CounterpartyAccountId,
                ValueDate = Day(e.ValueDate),
            },
            CreditRefused e => new CreditRejected
            {
                EventId = id, RequestId = e.RequestId, OccurredAt = e.OccurredAt, Origin = e.Origin, AccountId = accountId, AccountVersion = version,
                Balance = balance, Available = available, TransferId = e.TransferId, Amount = e.Asked, Reason = e.Reason,
            },
            Closed e => new AccountClosed
            {
                EventId = id, RequestId = e.RequestId, OccurredAt = e.OccurredAt, Origin = e.Origin, AccountId = accountId, AccountVersion = version,
                Balance = balance, Available = available,
            },
            RequestRefused e => new AccountRequestDeclined
            {
                EventId = id, RequestId = e.RequestId, OccurredAt = e.OccurredAt, Origin = e.Origin, AccountId = accountId, AccountVersion = version,
                Balance = balance, Available = available, Command = e.Command, ReservationId = e.ReservationId, Reason = e.Reason,
            },
            _ => throw new InvalidOperationException($"{stored.GetType().Name} has no contract event."),
        };
    }
}
