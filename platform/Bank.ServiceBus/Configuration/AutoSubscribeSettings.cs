namespace Bank.ServiceBus.AutomaticSubscriptions.Config;

/// <summary>To which of the events that it handles an endpoint subscribes when it starts. Default: to all.</summary>
public class AutoSubscribeSettings
{
    private readonly EndpointConfiguration config;

    internal AutoSubscribeSettings(EndpointConfiguration config) => this.config = config;

    /// <summary>Does not subscribe to a type although it is handled. A subscription that is there already stays.</summary>
    /// <typeparam name="T">The type that a handler names.</typeparam>
    public AutoSubscribeSettings DisableFor<T>() => DisableFor(typeof(T));

    /// <summary>Does not subscribe to a type although it is handled. A subscription that is there already stays.</summary>
    /// <param name="eventType">The type that a handler names.</param>
    public AutoSubscribeSettings DisableFor(Type eventType)
    {
        ArgumentNullException.ThrowIfNull(eventType);
        config.Values.NotSubscribed.Add(eventType);
        return this;
    }
}
