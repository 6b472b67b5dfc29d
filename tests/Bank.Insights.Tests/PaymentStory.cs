using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.Contracts.Transfers;

namespace Bank.Insights.Tests;

/// <summary>What leaves and reaches an account, event by event, at the seconds that a test chooses. Events that these views are not made of stand between.</summary>
internal sealed class PaymentStory(string id, string currency = "EUR")
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly List<IAccountEvent> events = [];
    private readonly List<ITransferEvent> transfers = [];

    public IReadOnlyList<IAccountEvent> Events => events;

    public IReadOnlyList<ITransferEvent> Transfers => transfers;

    public IReadOnlyList<Guid> TransferIds => [.. events.OfType<ReservationCaptured>().Where(captured => captured.TransferId is not null).Select(captured => captured.TransferId!.Value)];

    private Money None => new(0, currency);

    /// <summary>A transfer leaves: it is reserved, then captured at an instant.</summary>
    public PaymentStory Pays(double atSecond, long amount = 100, string to = "payee", string? reference = null, string? purpose = null, string? valueDate = null)
    {
        var transfer = Guid.NewGuid();
        transfers.Add(new TransferInitiated
        {
            EventId = Guid.NewGuid(), RequestId = transfer, OccurredAt = At(atSecond), Origin = Of(purpose), TransferId = transfer, PayerAccountId = id, PayeeAccountId = to,
            Amount = new Money(amount, currency), Deadline = At(atSecond).AddMinutes(5), Reference = reference,
        });
        Add(new FundsReserved
        {
            EventId = Guid.NewGuid(), RequestId = Guid.NewGuid(), OccurredAt = At(atSecond), Origin = Of(purpose), AccountId = id, AccountVersion = events.Count, Balance = None, Available = None,
            ReservationId = transfer, TransferId = transfer, Amount = new Money(amount, currency), CounterpartyAccountId = to,
        });
        return Captured(atSecond, amount, transfer, to, purpose, valueDate);
    }

    public PaymentStory PaysByCard(double atSecond, long amount = 100) => Captured(atSecond, amount, null, null, null, null);

    public PaymentStory Withdraws(double atSecond, long amount = 100, string? valueDate = null) => Add(new MoneyWithdrawn
    {
        EventId = Guid.NewGuid(), RequestId = Guid.NewGuid(), OccurredAt = At(atSecond), Origin = Of(null), AccountId = id, AccountVersion = events.Count, Balance = None, Available = None,
        Amount = new Money(amount, currency), ValueDate = valueDate,
    });

    public PaymentStory Receives(double atSecond, long amount, string from) => Add(new AccountCredited
    {
        EventId = Guid.NewGuid(), RequestId = Guid.NewGuid(), OccurredAt = At(atSecond), Origin = Of(null), AccountId = id, AccountVersion = events.Count, Balance = None, Available = None,
        TransferId = Guid.NewGuid(), Amount = new Money(amount, currency), CounterpartyAccountId = from,
    });

    private static DateTimeOffset At(double second) => Start.AddSeconds(second);

    private static Origin Of(string? purpose) => new() { RequestedBy = "teller-17", Channel = "branch", RequestedAt = Start, Purpose = purpose };

    private PaymentStory Captured(double atSecond, long amount, Guid? transfer, string? to, string? purpose, string? valueDate) => Add(new ReservationCaptured
    {
        EventId = Guid.NewGuid(), RequestId = Guid.NewGuid(), OccurredAt = At(atSecond), Origin = Of(purpose), AccountId = id, AccountVersion = events.Count, Balance = None, Available = None,
        ReservationId = transfer ?? Guid.NewGuid(), TransferId = transfer, Amount = new Money(amount, currency), CounterpartyAccountId = to, ValueDate = valueDate,
    });

    private PaymentStory Add(IAccountEvent @event)
    {
        events.Add(@event);
        return this;
    }
}
