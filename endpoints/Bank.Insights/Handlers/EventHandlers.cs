using Bank.Contracts;
using Bank.Hub.Projections;
using Bank.Insights.Velocity;

namespace Bank.Insights.Handlers;

/// <summary>Takes up every event of an account, then looks whether a burst of transfers begins there.</summary>
internal sealed class AccountEventHandler(Projector projector, BurstWatch watch) : IHandleMessages<IAccountEvent>
{
    public async Task Handle(IAccountEvent message, IMessageHandlerContext context)
    {
        await projector.Project(message, context);
        await watch.Review(message.AccountId, message.AccountVersion, context.CancellationToken);
    }
}

/// <summary>Takes up what transfers are for.</summary>
internal sealed class TransferEventHandler(Projector projector) : IHandleMessages<ITransferEvent>
{
    public Task Handle(ITransferEvent message, IMessageHandlerContext context) => projector.Project(message, context);
}
