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

    public async Task Handle(ExpireReservation command, IMessageHandlerContext context)
    {
        CommandCheck.Check(command.AccountId, command);
        var account = await accounts.Load(command.AccountId, context.CancellationToken);
        var now = clock.GetUtcNow();
        // Early: the hold outlasts the longest delay, or the clocks of two machines differ.
        if (account.Holds.TryGetValue(command.ReservationId, out var hold) && hold.ExpiresAt is { } expiresAt && now < expiresAt)
            await Expiries.Ask(command, expiresAt, now, context);
        else
            await accounts.Answer(command.AccountId, command, (state, at) => AccountDecider.Decide(state, command, at), clock, context);
    }
}
