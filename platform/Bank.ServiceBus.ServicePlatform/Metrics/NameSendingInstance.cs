using Bank.ServiceBus.Pipeline;

namespace Bank.ServiceBus.Metrics;

/// <summary>Tells in every message which instance sent it, when the instance has a name of its own for metrics.</summary>
internal sealed class NameSendingInstance(MetricValues values) : Behavior<IOutgoingLogicalMessageContext>
{
    public override Task Invoke(IOutgoingLogicalMessageContext context, Func<Task> next)
    {
        if (values.InstanceId is { } id) context.Headers[MetricHeaders.InstanceId] = id;
        return next();
    }
}
