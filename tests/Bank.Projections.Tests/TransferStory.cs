using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.Contracts.Transfers;

namespace Bank.Projections.Tests;

/// <summary>The events of one transfer.</summary>
internal sealed record TransferStory(Guid Id, long Amount)
{
    public static readonly Origin Mobile = new() { RequestedBy = "customer-4", Channel = "mobile", RequestedAt = AccountStory.Start };

    private Money Money => new(Amount, "EUR");

    public TransferInitiated Initiated() => new()
    {
        EventId = Guid.NewGuid(), RequestId = Id, Origin = Mobile, OccurredAt = AccountStory.Minute(1), TransferId = Id, PayerAccountId = "payer", PayeeAccountId = "payee",
        Amount = Money, Deadline = AccountStory.Minute(60), Reference = "rent March",
    };

    public TransferCompleted Completed() => new()
    {
        EventId = Guid.NewGuid(), RequestId = Id, Origin = Mobile, OccurredAt = AccountStory.Minute(2), TransferId = Id, PayerAccountId = "payer", PayeeAccountId = "payee", Amount = Money,
    };

    public TransferFailed Failed() => new()
    {
        EventId = Guid.NewGuid(), RequestId = Id, Origin = Mobile, OccurredAt = AccountStory.Minute(2), TransferId = Id, PayerAccountId = "payer", PayeeAccountId = "payee", Amount = Money,
        Reason = DeclineReason.InsufficientFunds,
    };

    public TransferRequestDeclined IdUsedAgain() => new()
    {
        EventId = Guid.NewGuid(), RequestId = Guid.NewGuid(), Origin = Mobile, OccurredAt = AccountStory.Minute(3), TransferId = Id, PayerAccountId = "other", PayeeAccountId = "else",
        Amount = new Money(1, "USD"), Reason = DeclineReason.TransferIdAlreadyUsed,
    };
}
