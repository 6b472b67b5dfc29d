using Bank.Accounts.Accounts;
using Bank.Contracts.Accounts;

namespace Bank.Accounts.Handlers;

public sealed class CashHandlers(AccountStore accounts, TimeProvider clock) :
    IHandleMessages<Deposit>,
    IHandleMessages<Withdraw>
{
    public Task Handle(Deposit command, IMessageHandlerContext context) =>
        accounts.Answer(command.AccountId, command, (account, now) => AccountDecider.Decide(account, command, now), clock, context);

    public Task Handle(Withdraw command, IMessageHandlerContext context) =>
        accounts.Answer(command.AccountId, command, (account, now) => AccountDecider.Decide(account, command, now), clock, context);
}
