using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.Contracts.Transfers;

namespace Bank.Transfers.Transfers;

/// <summary>What a transfer asks for and tells.</summary>
internal static class TransferMessages
{
    public static ReserveFunds Reserve(TransferSagaData data) => new()
    {
        RequestId = TransferIds.Reserve(data.TransferId),
        Origin = OriginOf(data),
        AccountId = data.PayerAccountId,
        ReservationId = data.TransferId,
        Amount = AmountOf(data),
        TransferId = data.TransferId,
        CounterpartyAccountId = data.PayeeAccountId,
        ValidUntil = data.Deadline,
    };

    public static CreditAccount Credit(TransferSagaData data) => new()
    {
        RequestId = TransferIds.Credit(data.TransferId),
        Origin = OriginOf(data),
        AccountId = data.PayeeAccountId,
        TransferId = data.TransferId,
        Amount = AmountOf(data),
        CounterpartyAccountId = data.PayerAccountId,
        ValidUntil = data.Deadline,
    };

    public static CaptureReservation Capture(TransferSagaData data) => new()
    {
        RequestId = TransferIds.Capture(data.TransferId),
        Origin = OriginOf(data),
        AccountId = data.PayerAccountId,
        ReservationId = data.TransferId,
        TransferId = data.TransferId,
    };

    public static ReleaseReservation Release(TransferSagaData data) => new()
    {
        RequestId = TransferIds.Release(data.TransferId),
        Origin = OriginOf(data),
        AccountId = data.PayerAccountId,
        ReservationId = data.TransferId,
        TransferId = data.TransferId,
    };

    public static TransferInitiated Initiated(TransferSagaData data, string? reference, DateTimeOffset now) => new()
    {
        EventId = TransferIds.Of(data.TransferId, "initiated"),
        RequestId = data.RequestId,
        OccurredAt = now,
        Origin = OriginOf(data),
        TransferId = data.TransferId,
        PayerAccountId = data.PayerAccountId,
        PayeeAccountId = data.PayeeAccountId,
        Amount = AmountOf(data),
        Deadline = data.Deadline,
        Reference = reference,
    };

    public static TransferCompleted Completed(TransferSagaData data, DateTimeOffset now) => new()
    {
        EventId = TransferIds.Of(data.TransferId, "completed"),
        RequestId = data.RequestId,
        OccurredAt = now,
        Origin = OriginOf(data),
        TransferId = data.TransferId,
        PayerAccountId = data.PayerAccountId,
        PayeeAccountId = data.PayeeAccountId,
        Amount = AmountOf(data),
    };

    public static TransferFailed Failed(TransferSagaData data, DateTimeOffset now) => new()
    {
        EventId = TransferIds.Of(data.TransferId, "failed"),
        RequestId = data.RequestId,
        OccurredAt = now,
        Origin = OriginOf(data),
        TransferId = data.TransferId,
        PayerAccountId = data.PayerAccountId,
        PayeeAccountId = data.PayeeAccountId,
        Amount = AmountOf(data),
        Reason = data.FailureReason ?? DeclineReason.Malformed,
        RefusingAccountId = data.RefusingAccountId,
    };

    public static TransferRequestDeclined RequestDeclined(InitiateTransfer message, DateTimeOffset now) => new()
    {
        EventId = TransferIds.Declined(message.TransferId, message.RequestId),
        RequestId = message.RequestId,
        OccurredAt = now,
        Origin = message.Origin.Legible(),
        TransferId = message.TransferId,
        PayerAccountId = TransferRules.LegibleId(message.PayerAccountId),
        PayeeAccountId = TransferRules.LegibleId(message.PayeeAccountId),
        Amount = message.Amount,
        Reason = DeclineReason.TransferIdAlreadyUsed,
    };

    private static Money AmountOf(TransferSagaData data) => new(data.AmountMinorUnits, data.Currency);

    private static Origin OriginOf(TransferSagaData data) => new()
    {
        RequestedBy = data.RequestedBy,
        Channel = data.Channel,
        RequestedAt = data.RequestedAt,
        Purpose = data.Purpose,
    };
}
