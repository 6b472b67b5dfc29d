using Bank.ServiceBus.Pipeline;
using Bank.ServiceBus.Routing;

namespace Bank.ServiceBus.SagaAudit;

/// <summary>Notes what a saga sends while it handles a message.</summary>
internal sealed class CaptureResultingMessages(TimeProvider clock) : Behavior<IOutgoingLogicalMessageContext>
{
    public override Task Invoke(IOutgoingLogicalMessageContext context, Func<Task> next)
    {
        if (context.Extensions.TryGet<ResultingMessages>(out var messages) && context is OutgoingLogicalMessageContext outgoing) messages.Add(Describe(outgoing));
        return next();
    }

    private SagaChangeOutput Describe(OutgoingLogicalMessageContext context)
    {
        var delivery = context.Options.Delivery;
        return new SagaChangeOutput(
            context.Message.MessageType.ToString(),
            clock.GetUtcNow().UtcDateTime,
            delivery.DoNotDeliverBefore?.UtcDateTime,
            delivery.DelayDeliveryWith,
            context.RoutingStrategies.OfType<UnicastRoutingStrategy>().FirstOrDefault()?.Destination,
            context.MessageId,
            context.Headers.GetValueOrDefault(Headers.MessageIntent) ?? nameof(MessageIntent.Send));
    }
}
