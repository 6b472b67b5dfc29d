using Bank.Contracts;
using Bank.Contracts.Accounts;

namespace Bank.Accounts.Accounts;

/// <summary>Decides what a command does to an account. Every command has exactly one event, and a refusal is an event too.</summary>
public static class AccountDecider
{
    public static AccountEvent Decide(Account account, OpenAccount command, DateTimeOffset now)
    {
        var fact = new EventFactory(account, command, now, command.Currency);
        var reason = AccountRules.RefuseText(command.Origin) ?? AccountRules.RefuseOpening(account, command);
        return reason is null ? fact.Opened(command.Currency, command.OverdraftLimit?.MinorUnits ?? 0) : fact.Refused(reason);
    }

    public static AccountEvent Decide(Account account, Deposit command, DateTimeOffset now)
    {
        var fact = new EventFactory(account, command, now, command.Amount.Currency);
        var reason = AccountRules.RefuseText(command.Origin) ?? AccountRules.RefuseIncoming(account, command.Amount) ?? ValueDate.Refuse(account, command.ValueDate, now);
        return reason is null ? fact.Deposited(command) : fact.Refused(reason);
    }

    public static AccountEvent Decide(Account account, Withdraw command, DateTimeOffset now)
    {
        var fact = new EventFactory(account, command, now, command.Amount.Currency);
        var reason = AccountRules.RefuseText(command.Origin) ?? AccountRules.RefuseOutgoing(account, command.Amount) ?? ValueDate.Refuse(account, command.ValueDate, now);
        return reason is null ? fact.Withdrawn(command) : fact.WithdrawalRefused(command.Amount, reason);
    }

    public static AccountEvent Decide(Account account, ReserveFunds command, DateTimeOffset now)
    {
        var fact = new EventFactory(account, command, now, command.Amount.Currency);
        var reason = AccountRules.RefuseText(command.Origin, command.CounterpartyAccountId)
            ?? (account.Holds.ContainsKey(command.ReservationId) || account.EndedHolds.ContainsKey(command.ReservationId) ? DeclineReason.ReservationAlreadyUsed
            : now > command.ValidUntil || now >= command.ExpiresAt ? DeclineReason.TooLate
            : AccountRules.RefuseOutgoing(account, command.Amount));
        return reason is null ? fact.Reserved(command) : fact.ReservationRefused(command, reason);
    }

    public static AccountEvent Decide(Account account, CaptureReservation command, DateTimeOffset now)
    {
        var fact = new EventFactory(account, command, now);
        if (AccountRules.RefuseText(command.Origin) is { } malformed) return fact.Refused(malformed, command.ReservationId);
        if (account.Holds.TryGetValue(command.ReservationId, out var hold) && hold.TransferId == command.TransferId)
            return now >= hold.ExpiresAt ? fact.Refused(DeclineReason.ReservationEnded, command.ReservationId) : fact.Captured(command.ReservationId, hold);
        return fact.Refused(AccountRules.WhyNoHold(account, command.ReservationId), command.ReservationId);
    }

    public static AccountEvent Decide(Account account, ReleaseReservation command, DateTimeOffset now)
    {
        var fact = new EventFactory(account, command, now);
        if (AccountRules.RefuseText(command.Origin) is { } malformed) return fact.Refused(malformed, command.ReservationId);
        if (account.EndedHolds.GetValueOrDefault(command.ReservationId, HoldEnd.Released) == HoldEnd.Captured)
            return fact.Refused(DeclineReason.ReservationAlreadyCaptured, command.ReservationId);
        var hold = account.Holds.GetValueOrDefault(command.ReservationId);
        // A hold of a transfer is the transfer's alone: given back by somebody else, the payee would be paid from nothing.
        return hold is not null && hold.TransferId != command.TransferId
            ? fact.Refused(DeclineReason.ReservationUnknown, command.ReservationId)
            : fact.Released(command.ReservationId, hold, ReleaseReason.Requested);
    }

    public static AccountEvent Decide(Account account, ExpireReservation command, DateTimeOffset now)
    {
        var fact = new EventFactory(account, command, now);
        return account.Holds.TryGetValue(command.ReservationId, out var hold)
            ? fact.Released(command.ReservationId, hold, ReleaseReason.Expired)
            : fact.Refused(AccountRules.WhyNoHold(account, command.ReservationId), command.ReservationId);
    }

    public static AccountEvent Decide(Account account, CreditAccount command, DateTimeOffset now)
    {
        var fact = new EventFactory(account, command, now, command.Amount.Currency);
        var reason = AccountRules.RefuseText(command.Origin, command.CounterpartyAccountId)
            ?? (now > command.ValidUntil ? DeclineReason.TooLate : AccountRules.RefuseIncoming(account, command.Amount));
        return reason is null ? fact.Credited(command) : fact.CreditRefused(command, reason);
    }

    public static AccountEvent Decide(Account account, CloseAccount command, DateTimeOffset now)
    {
        var fact = new EventFactory(account, command, now);
        return (AccountRules.RefuseText(command.Origin) ?? AccountRules.RefuseClosing(account)) is { } reason ? fact.Refused(reason) : fact.Closed();
    }
}
