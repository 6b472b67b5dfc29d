using Bank.Accounts.Accounts;
using Bank.Contracts.Accounts;

namespace Bank.Accounts.Handlers;

public sealed class CreditAccountHandler(AccountStore accounts, TimeProvider clock) : IHandleMessages<CreditAccount>
{
    public Task Handle(CreditAccount command, IMessageHandlerContext context) =>
        accounts.Answer(command.AccountId, command, (account, now) => AccountDecider.Decide(account, command, now), clock, context);
}
