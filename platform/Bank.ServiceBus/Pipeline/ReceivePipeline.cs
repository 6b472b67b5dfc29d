using System.Diagnostics;
using Bank.ServiceBus.Diagnostics;
using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Outbox;
using Bank.ServiceBus.Persistence;
using Bank.ServiceBus.Transport;
using Microsoft.Extensions.DependencyInjection;

namespace Bank.ServiceBus.Pipeline;

/// <summary>One received message from beginning to end: deduplicated, handled, committed, and only then sending what the handlers sent.</summary>
internal sealed class ReceivePipeline(
    IServiceProvider host, MessageHandling handling, MessageOperations operations, IMessageDispatcher dispatcher,
    PersistenceInfrastructure? persistence, AuditAndAcknowledge afterwards, PipelineMeter meter)
{
    public async Task Invoke(MessageContext received, CancellationToken cancellationToken)
    {
        using var activity = BusActivities.StartIncoming(received.Headers, received.NativeMessageId, received.Extensions.TryGet<Activity>(out var ofTransport) ? ofTransport : null);
        var started = meter.Now();
        meter.Fetched(received.Headers);
        var incoming = new IncomingMessage(received.NativeMessageId, received.Headers, received.Body);
        try
        {
            await Process(received, incoming, cancellationToken);
            meter.Succeeded(incoming.Headers, started, incoming.HandlerTypes);
        }
        catch (Exception exception)
        {
            exception.Data["Message ID"] = incoming.MessageId;
            exception.Data["Transport message ID"] = incoming.NativeMessageId;
            exception.Data["Pipeline canceled"] = cancellationToken.IsCancellationRequested;
            BusActivities.Fail(activity, exception, cancellationToken.IsCancellationRequested);
            meter.Failed(incoming.Headers, exception, incoming.HandlerTypes);
            throw;
        }
    }

    private async Task Process(MessageContext received, IncomingMessage incoming, CancellationToken cancellationToken)
    {
        var begun = afterwards.Now();
        if (persistence?.OutboxStorage is { } outbox)
        {
            received.Extensions.Set(incoming);
            var known = await outbox.Get(incoming.MessageId, received.Extensions, cancellationToken);
            if (known is not null) BusActivities.Deduplicated(incoming.MessageId);
            // What was stored is read back only when an earlier attempt may not have sent it.
            var operations = known is not null
                ? [.. known.TransportOperations.Select(OutboxOperations.Restore)]
                : await HandleWithOutbox(outbox, received, incoming, begun, cancellationToken);
            await Dispatch(operations, received, cancellationToken);
            // Also when nothing was sent: only marked records are ever cleaned up.
            await outbox.SetAsDispatched(incoming.MessageId, received.Extensions, cancellationToken);
        }
        else
        {
            await Dispatch(await HandleWithoutOutbox(received, incoming, begun, cancellationToken), received, cancellationToken);
        }

        await afterwards.Acknowledge(incoming, received.TransportTransaction, cancellationToken);
    }

    private async Task<TransportOperation[]> HandleWithOutbox(
        IOutboxStorage outbox, MessageContext received, IncomingMessage incoming, DateTimeOffset begun, CancellationToken cancellationToken)
    {
        await using var transaction = await outbox.BeginTransaction(received.Extensions, cancellationToken);
        await using var session = persistence!.CreateSession();
        if (!await session.TryOpen(transaction, received.Extensions, cancellationToken))
            throw new InvalidOperationException("The storage session cannot join the transaction of the outbox.");
        var pending = await Handle(session, received, incoming, begun, cancellationToken);
        var record = new OutboxMessage(incoming.MessageId, [.. pending.Select(OutboxOperations.Store)]);
        await outbox.Store(record, transaction, received.Extensions, cancellationToken);
        await transaction.Commit(cancellationToken);
        return pending;
    }

    private async Task<TransportOperation[]> HandleWithoutOutbox(
        MessageContext received, IncomingMessage incoming, DateTimeOffset begun, CancellationToken cancellationToken)
    {
        await using var session = persistence?.CreateSession() ?? new NoStorageSession();
        await session.Open(received.Extensions, cancellationToken);
        return await Handle(session, received, incoming, begun, cancellationToken);
    }

    private async Task<TransportOperation[]> Handle(
        ICompletableSynchronizedStorageSession session, MessageContext received, IncomingMessage incoming, DateTimeOffset begun, CancellationToken cancellationToken)
    {
        await using var services = host.CreateAsyncScope();
        services.ServiceProvider.GetRequiredService<StorageSessionAccessor>().Session = session;
        received.Extensions.Set<ISynchronizedStorageSession>(session);
        var pending = new PendingOperations();
        var scope = new OperationScope(services.ServiceProvider, received.Extensions, incoming, pending, received.TransportTransaction, cancellationToken);
        await handling.Handle(new IncomingPhysicalMessageContext(operations, scope, new ContextBag(received.Extensions)));
        await session.CompleteAsync(cancellationToken);
        if (afterwards.AuditCopy(incoming, received.Body, begun) is { } copy) pending.Add(copy);
        return pending.ToArray();
    }

    private Task Dispatch(TransportOperation[] pending, MessageContext received, CancellationToken cancellationToken) =>
        pending.Length == 0 ? Task.CompletedTask : DispatchAll(pending, received, cancellationToken);

    private async Task DispatchAll(TransportOperation[] pending, MessageContext received, CancellationToken cancellationToken)
    {
        BusActivities.StartDispatching(pending.Length);
        await dispatcher.Dispatch(new TransportOperations(pending), received.TransportTransaction, cancellationToken);
        BusActivities.FinishDispatching();
    }
}
