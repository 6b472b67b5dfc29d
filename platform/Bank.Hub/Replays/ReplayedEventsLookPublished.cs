namespace Bank.Hub.Replays;

/// <summary>Lets what a replay sends to one queue look as it did when it was published: a subscriber's handlers need not know the difference.</summary>
public sealed class ReplayedEventsLookPublished : Behavior<IOutgoingLogicalMessageContext>
{
    private const string StartNewTrace = "NServiceBus.OpenTelemetry.StartNewTrace";

    /// <inheritdoc />
    public override Task Invoke(IOutgoingLogicalMessageContext context, Func<Task> next)
    {
        if (context.Headers.ContainsKey(ReplayHeaders.ReplayId))
        {
            context.Headers[Headers.MessageIntent] = nameof(MessageIntent.Publish);
            context.Headers[StartNewTrace] = bool.TrueString;
        }

        return next();
    }
}
