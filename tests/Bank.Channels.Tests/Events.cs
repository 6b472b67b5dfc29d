using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.Contracts.Transfers;

namespace Bank.Channels.Tests;

/// <summary>What other endpoints might publish about a request.</summary>
internal static class Events
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Origin Caller = new() { RequestedBy = "customer-4", Channel = "mobile", RequestedAt = Now };
    private static readonly Money Balance = new(8_766, "EUR");
    private static readonly Money Available = new(13_766, "EUR");
    private static readonly Money Amount = new(1_234, "EUR");

    public static MoneyWithdrawn Withdrawn(Guid request) => new()
    {
        EventId = Guid.NewGuid(), RequestId = request, Origin = Caller, OccurredAt = Now, AccountId = "acc-1", AccountVersion = 7,
        Balance = Balance, Available = Available, Amount = Amount,
    };

    public static WithdrawalDeclined Declined(Guid request) => new()
    {
        EventId = Guid.NewGuid(), RequestId = request, Origin = Caller, OccurredAt = Now, AccountId = "acc-1", AccountVersion = 7,
        Balance = Balance, Available = Available, Amount = Amount, Reason = DeclineReason.InsufficientFunds,
    };

    public static FundsReservationDeclined ReservationDeclined(Guid request) => new()
    {
        EventId = Guid.NewGuid(), RequestId = request, Origin = Caller, OccurredAt = Now, AccountId = "acc-1", AccountVersion = 7,
        Balance = Balance, Available = Available, Amount = Amount, ReservationId = request, Reason = DeclineReason.InsufficientFunds,
    };

    public static CreditRejected CreditRejected(Guid request) => new()
    {
        EventId = Guid.NewGuid(), RequestId = request, Origin = Caller, OccurredAt = Now, AccountId = "acc-1", AccountVersion = 7,
        Balance = Balance, Available = Available, Amount = Amount, TransferId = request, Reason = DeclineReason.TooLate,
    };

    public static AccountRequestDeclined Refused(Guid request) => new()
    {
        EventId = Guid.NewGuid(), RequestId = request, Origin = Caller, OccurredAt = Now, AccountId = "acc-1", AccountVersion = 7,
        Balance = Balance, Available = Available, Command = "CloseAccount", Reason = DeclineReason.BalanceNotZero,
    };

    /// <summary>Its reason tells why a hold ended, and not that something was refused.</summary>
    public static ReservationReleased Released(Guid request) => new()
    {
        EventId = Guid.NewGuid(), RequestId = request, Origin = Caller, OccurredAt = Now, AccountId = "acc-1", AccountVersion = 7,
        Balance = Balance, Available = Available, Amount = Amount, ReservationId = Guid.NewGuid(), Reason = ReleaseReason.Requested,
    };

    public static TransferInitiated Initiated(Guid transfer) => new()
    {
        EventId = Guid.NewGuid(), RequestId = transfer, Origin = Caller, OccurredAt = Now, TransferId = transfer, PayerAccountId = "acc-1", PayeeAccountId = "acc-2",
        Amount = Amount, Deadline = Now.AddMinutes(5),
    };

    public static TransferCompleted TransferDone(Guid transfer) => new()
    {
        EventId = Guid.NewGuid(), RequestId = transfer, Origin = Caller, OccurredAt = Now, TransferId = transfer, PayerAccountId = "acc-1", PayeeAccountId = "acc-2", Amount = Amount,
    };

    public static TransferFailed TransferRefused(Guid transfer) => new()
    {
        EventId = Guid.NewGuid(), RequestId = transfer, Origin = Caller, OccurredAt = Now, TransferId = transfer, PayerAccountId = "acc-1", PayeeAccountId = "acc-2", Amount = Amount,
        Reason = DeclineReason.AccountIsClosed, RefusingAccountId = "acc-2",
    };

    public static TransferRequestDeclined TransferIdUsed(Guid request) => new()
    {
        EventId = Guid.NewGuid(), RequestId = request, Origin = Caller, OccurredAt = Now, TransferId = Guid.NewGuid(), PayerAccountId = "acc-1", PayeeAccountId = "acc-2", Amount = Amount,
        Reason = DeclineReason.TransferIdAlreadyUsed,
    };
}
