using Bank.Contracts;
using Bank.Contracts.Accounts;

namespace Bank.Transfers.Tests.Transfers;

/// <summary>The least that accounts promise to a transfer: each request has one answer, which is published once; late requests are refused.</summary>
internal sealed class ModelBank(long payerFunds, bool payeeOpen)
{
    public const string Payer = "payer";
    public const string Payee = "payee";

    private readonly HashSet<Guid> answered = [];
    private readonly HashSet<Guid> endedHolds = [];

    public long PayerBalance { get; private set; } = payerFunds;

    public long PayeeBalance { get; private set; }

    public Dictionary<Guid, long> Holds { get; } = [];

    public IBankEvent? Answer(object request, DateTimeOffset now)
    {
        var command = (IBankCommand)request;
        if (!answered.Add(command.RequestId)) return null;
        return request switch
        {
            ReserveFunds c => Reserve(c, now),
            CreditAccount c => Credit(c, now),
            CaptureReservation c => Capture(c, now),
            ReleaseReservation c => Release(c, now),
            _ => throw new InvalidOperationException($"No account handles {request}."),
        };
    }

    private IBankEvent Reserve(ReserveFunds c, DateTimeOffset now)
    {
        var reason = endedHolds.Contains(c.ReservationId) ? DeclineReason.ReservationAlreadyUsed
            : now > c.ValidUntil ? DeclineReason.TooLate
            : c.Amount.MinorUnits > PayerBalance - Holds.Values.Sum() ? DeclineReason.InsufficientFunds
            : null;
        if (reason is not null) return Answers.Declined(c, reason, now);
        Holds.Add(c.ReservationId, c.Amount.MinorUnits);
        return Answers.Reserved(c, now);
    }

    private IBankEvent Credit(CreditAccount c, DateTimeOffset now)
    {
        var reason = now > c.ValidUntil ? DeclineReason.TooLate : payeeOpen ? null : DeclineReason.AccountIsClosed;
        if (reason is not null) return Answers.Rejected(c, reason, now);
        PayeeBalance += c.Amount.MinorUnits;
        return Answers.Credited(c, now);
    }

    private IBankEvent Capture(CaptureReservation c, DateTimeOffset now)
    {
        if (!Holds.Remove(c.ReservationId, out var amount)) throw new InvalidOperationException("A capture without its hold: the payee was paid from nothing.");
        endedHolds.Add(c.ReservationId);
        PayerBalance -= amount;
        return Answers.Captured(c, amount, now);
    }

    private IBankEvent Release(ReleaseReservation c, DateTimeOffset now)
    {
        Holds.Remove(c.ReservationId, out var amount);
        endedHolds.Add(c.ReservationId);
        return Answers.Released(c, amount, now);
    }
}
