using Bank.Contracts;
using Bank.Hub.Projections;

namespace Bank.Projections.Handlers;

/// <summary>Feeds every event of an account to the views made of them.</summary>
internal sealed class AccountEventHandler(Projector projector) : IHandleMessages<IAccountEvent>
{
    public Task Handle(IAccountEvent message, IMessageHandlerContext context) => projector.Project(message, context);
}

/// <summary>Feeds every event of a transfer to the views made of them.</summary>
internal sealed class TransferEventHandler(Projector projector) : IHandleMessages<ITransferEvent>
{
    public Task Handle(ITransferEvent message, IMessageHandlerContext context) => projector.Project(message, context);
}
