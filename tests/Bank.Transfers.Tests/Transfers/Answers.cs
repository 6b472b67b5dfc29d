using Bank.Contracts;
using Bank.Contracts.Accounts;

namespace Bank.Transfers.Tests.Transfers;

/// <summary>What accounts publish in answer to a transfer's requests.</summary>
internal static class Answers
{
    private static readonly Money None = Money.Zero("EUR");

    public static FundsReserved Reserved(ReserveFunds c, DateTimeOffset now) => new()
    {
        EventId = Guid.NewGuid(), RequestId = c.RequestId, OccurredAt = now, Origin = c.Origin, AccountId = c.AccountId, AccountVersion = 1,
        Balance = None, Available = None, ReservationId = c.ReservationId, Amount = c.Amount, TransferId = c.TransferId,
    };

    public static FundsReservationDeclined Declined(ReserveFunds c, string reason, DateTimeOffset now) => new()
    {
        EventId = Guid.NewGuid(), RequestId = c.RequestId, OccurredAt = now, Origin = c.Origin, AccountId = c.AccountId, AccountVersion = 1,
        Balance = None, Available = None, ReservationId = c.ReservationId, Amount = c.Amount, TransferId = c.TransferId, Reason = reason,
    };

    public static AccountCredited Credited(CreditAccount c, DateTimeOffset now) => new()
    {
        EventId = Guid.NewGuid(), RequestId = c.RequestId, OccurredAt = now, Origin = c.Origin, AccountId = c.AccountId, AccountVersion = 1,
        Balance = None, Available = None, TransferId = c.TransferId, Amount = c.Amount,
    };

    public static CreditRejected Rejected(CreditAccount c, string reason, DateTimeOffset now) => new()
    {
        EventId = Guid.NewGuid(), RequestId = c.RequestId, OccurredAt = now, Origin = c.Origin, AccountId = c.AccountId, AccountVersion = 1,
        Balance = None, Available = None, TransferId = c.TransferId, Amount = c.Amount, Reason = reason,
    };

    public static ReservationCaptured Captured(CaptureReservation c, long amount, DateTimeOffset now) => new()
    {
        EventId = Guid.NewGuid(), RequestId = c.RequestId, OccurredAt = now, Origin = c.Origin, AccountId = c.AccountId, AccountVersion = 1,
        Balance = None, Available = None, ReservationId = c.ReservationId, Amount = new Money(amount, "EUR"), TransferId = c.TransferId,
    };

    public static ReservationReleased Released(ReleaseReservation c, long amount, DateTimeOffset now) => new()
    {
        EventId = Guid.NewGuid(), RequestId = c.RequestId, OccurredAt = now, Origin = c.Origin, AccountId = c.AccountId, AccountVersion = 1,
        Balance = None, Available = None, ReservationId = c.ReservationId, Amount = new Money(amount, "EUR"), TransferId = c.TransferId, Reason = ReleaseReason.Requested,
    };
}
