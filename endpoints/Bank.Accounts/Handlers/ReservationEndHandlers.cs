using Bank.Accounts.Accounts;
using Bank.Contracts.Accounts;

namespace Bank.Accounts.Handlers;

public sealed class ReservationEndHandlers(AccountStore accounts, TimeProvider clock) :
    IHandleMessages<CaptureReservation>,
    IHandleMessages<ReleaseReservation>,
    IHandleMessages<ExpireReservation>
{
    public Task Handle(CaptureReservation command, IMessageHandlerContext context) =>
        accounts.Answer(command.AccountId, command, (account, now) => AccountDecider.Decide(account, command, now), clock, context);

    public Task Handle(ReleaseReservation command, IMessageHandlerContext context) =>
        accounts.Answer(command.AccountId, command, (account, now) => AccountDecider.Decide(account, command, now), clock, context);

    public Task Handle(ExpireReservation command, IMessageHandlerContext context) =>
        accounts.Answer(command.AccountId, command, (account, now) => AccountDecider.Decide(account, command, now), clock, context);
}
