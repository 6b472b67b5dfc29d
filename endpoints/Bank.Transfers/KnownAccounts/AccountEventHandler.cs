using Bank.Contracts.Accounts;
using Bank.Hub.Projections;

namespace Bank.Transfers.KnownAccounts;

/// <summary>Takes up what is heard of accounts.</summary>
internal sealed class AccountEventHandler(Projector projector) : IHandleMessages<AccountOpened>, IHandleMessages<AccountClosed>
{
    public Task Handle(AccountOpened message, IMessageHandlerContext context) => projector.Project(message, context);

    public Task Handle(AccountClosed message, IMessageHandlerContext context) => projector.Project(message, context);
}
