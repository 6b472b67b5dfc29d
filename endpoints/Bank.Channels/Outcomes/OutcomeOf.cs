using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.Contracts.Transfers;

namespace Bank.Channels.Outcomes;

/// <summary>What an event tells about the request that led to it.</summary>
internal static class OutcomeOf
{
    /// <returns>Null for an event that decides nothing yet.</returns>
    public static Outcome? Event(IBankEvent @event)
    {
        var reason = @event switch
        {
            WithdrawalDeclined e => e.Reason,
            FundsReservationDeclined e => e.Reason,
            CreditRejected e => e.Reason,
            AccountRequestDeclined e => e.Reason,
            TransferFailed e => e.Reason,
            TransferRequestDeclined e => e.Reason,
            _ => null,
        };
        if (@event is TransferInitiated) return null;
        var account = @event is IAccountEvent about
            ? new AccountAfter(about.AccountVersion, about.Balance.Currency, about.Balance.MinorUnits, about.Available.MinorUnits)
            : null;
        return new Outcome(
            reason is null ? Outcome.Completed : Outcome.Declined, @event.GetType().Name, reason, account, @event.OccurredAt, (@event as TransferFailed)?.RefusingAccountId);
    }
}
