using Bank.ServiceBus.Diagnostics;
using Bank.ServiceBus.Pipeline;
using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Hosting;

/// <summary>The session of an endpoint; refuses to work before the endpoint has started.</summary>
internal sealed class EndpointSession(IServiceProvider services) : IMessageSession
{
    private volatile State? state;

    public void Open(MessageOperations operations, ISubscriptionManager? subscriptions) => state = new State(operations, subscriptions);

    public Task Send(object message, SendOptions sendOptions, CancellationToken cancellationToken = default) =>
        Started.Operations.Send(Scope(cancellationToken), message, sendOptions);

    public Task Publish(object message, PublishOptions publishOptions, CancellationToken cancellationToken = default) =>
        Started.Operations.Publish(Scope(cancellationToken), message, publishOptions);

    public Task Send<T>(Action<T> messageConstructor, SendOptions sendOptions, CancellationToken cancellationToken = default) =>
        Send(Started.Operations.Create(messageConstructor), sendOptions, cancellationToken);

    public Task Publish<T>(Action<T> messageConstructor, PublishOptions publishOptions, CancellationToken cancellationToken = default) =>
        Publish(Started.Operations.Create(messageConstructor), publishOptions, cancellationToken);

    public async Task Subscribe(Type eventType, SubscribeOptions subscribeOptions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(eventType);
        using var activity = BusActivities.StartSubscription("Subscribe", eventType);
        await Subscriptions.SubscribeAll([eventType], cancellationToken);
    }

    public async Task Unsubscribe(Type eventType, UnsubscribeOptions unsubscribeOptions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(eventType);
        using var activity = BusActivities.StartSubscription("Unsubscribe", eventType);
        await Subscriptions.Unsubscribe(eventType, cancellationToken);
    }

    private State Started => state ?? throw new InvalidOperationException("The endpoint has not started yet: the session cannot be used.");

    private ISubscriptionManager Subscriptions =>
        Started.Subscriptions ?? throw new InvalidOperationException("A send-only endpoint has no queue that events could be led to.");

    private OperationScope Scope(CancellationToken cancellationToken) =>
        new(services, null, null, null, new TransportTransaction(), cancellationToken);

    private sealed record State(MessageOperations Operations, ISubscriptionManager? Subscriptions);
}
