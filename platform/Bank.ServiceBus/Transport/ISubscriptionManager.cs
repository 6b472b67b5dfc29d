namespace Bank.ServiceBus.Transport;

/// <summary>Leads published events to one queue.</summary>
public interface ISubscriptionManager
{
    /// <summary>Leads all events of the types to the queue. Subscribing twice is the same as once.</summary>
    Task SubscribeAll(IReadOnlyCollection<Type> eventTypes, CancellationToken cancellationToken = default);

    /// <summary>Events of the type no longer come.</summary>
    Task Unsubscribe(Type eventType, CancellationToken cancellationToken = default);
}
