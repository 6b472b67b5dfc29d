using Bank.Contracts;
using Bank.Projections.Projections;
using Bank.Projections.Storage;

namespace Bank.Projections.Handlers;

/// <summary>Feeds every event of an account to the views made of them.</summary>
internal sealed class AccountEventHandler(IEnumerable<IProjection<IAccountEvent>> projections, ProjectionWriter writer) : IHandleMessages<IAccountEvent>
{
    public Task Handle(IAccountEvent message, IMessageHandlerContext context)
    {
        var batch = new ProjectionBatch();
        foreach (var projection in projections) projection.Apply(message, batch);
        return writer.Write(batch, context.CancellationToken);
    }
}

/// <summary>Feeds every event of a transfer to the views made of them.</summary>
internal sealed class TransferEventHandler(IEnumerable<IProjection<ITransferEvent>> projections, ProjectionWriter writer) : IHandleMessages<ITransferEvent>
{
    public Task Handle(ITransferEvent message, IMessageHandlerContext context)
    {
        var batch = new ProjectionBatch();
        foreach (var projection in projections) projection.Apply(message, batch);
        return writer.Write(batch, context.CancellationToken);
    }
}
