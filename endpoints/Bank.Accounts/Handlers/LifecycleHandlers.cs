using Bank.Accounts.Accounts;
using Bank.Contracts.Accounts;

namespace Bank.Accounts.Handlers;

public sealed class LifecycleHandlers(AccountStore accounts, TimeProvider clock) :
    IHandleMessages<OpenAccount>,
    IHandleMessages<CloseAccount>
{
    public Task Handle(OpenAccount command, IMessageHandlerContext context) =>
        accounts.Answer(command.AccountId, command, (account, now) => AccountDecider.Decide(account, command, now), clock, context);

    public Task Handle(CloseAccount command, IMessageHandlerContext context) =>
        accounts.Answer(command.AccountId, command, (account, now) => AccountDecider.Decide(account, command, now), clock, context);
}
