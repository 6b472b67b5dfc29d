namespace Bank.ServiceBus.Pipeline;

/// <summary>Adds the headers that all messages of an endpoint carry.</summary>
internal sealed class ApplyStaticHeaders(Dictionary<string, string> headers) : Behavior<IOutgoingLogicalMessageContext>
{
    public override Task Invoke(IOutgoingLogicalMessageContext context, Func<Task> next)
    {
        foreach (var (key, value) in headers) context.Headers[key] = value;
        return next();
    }
}
