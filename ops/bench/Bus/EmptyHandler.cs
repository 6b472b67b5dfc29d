namespace Bank.Benchmarks.Bus;

/// <summary>Does nothing, so that all the time spent is the bus's.</summary>
public sealed class EmptyHandler(Arrivals arrivals) : IHandleMessages<EmptyMessage>
{
    public Task Handle(EmptyMessage message, IMessageHandlerContext context)
    {
        arrivals.One();
        return Task.CompletedTask;
    }
}

/// <summary>Sends one message, as most handlers do.</summary>
public sealed class SendingHandler(Arrivals arrivals) : IHandleMessages<EmptyMessage>
{
    public async Task Handle(EmptyMessage message, IMessageHandlerContext context)
    {
        await context.Send(BusEndpoint.Sink, new PassedOn(message.RequestId));
        arrivals.One();
    }
}
