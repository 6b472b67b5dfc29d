namespace Bank.ServiceBus;

/// <summary>Sends and publishes from outside of message handling. Usable once the endpoint has started.</summary>
public interface IMessageSession
{
    /// <summary>Sends a command or message. Returns when the transport has taken responsibility for it.</summary>
    Task Send(object message, SendOptions sendOptions, CancellationToken cancellationToken = default);

    /// <summary>Makes a message, fills it and sends it. For types that are interfaces.</summary>
    /// <exception cref="InvalidOperationException">Nothing can be made of the type; the message says why.</exception>
    Task Send<T>(Action<T> messageConstructor, SendOptions sendOptions, CancellationToken cancellationToken = default);

    /// <summary>Makes an event, fills it and publishes it. For types that are interfaces.</summary>
    /// <exception cref="InvalidOperationException">Nothing can be made of the type; the message says why.</exception>
    Task Publish<T>(Action<T> messageConstructor, PublishOptions publishOptions, CancellationToken cancellationToken = default);

    /// <summary>Publishes an event. Returns when the transport has taken responsibility for it.</summary>
    Task Publish(object message, PublishOptions publishOptions, CancellationToken cancellationToken = default);

    /// <summary>Leads events of a type to this endpoint.</summary>
    Task Subscribe(Type eventType, SubscribeOptions subscribeOptions, CancellationToken cancellationToken = default);

    /// <summary>Events of a type no longer come to this endpoint.</summary>
    Task Unsubscribe(Type eventType, UnsubscribeOptions unsubscribeOptions, CancellationToken cancellationToken = default);
}

/// <summary>The usual calls, without options.</summary>
public static class MessageSessionExtensions
{
    /// <summary>Sends a command to the endpoint that routing names for its type.</summary>
    public static Task Send(this IMessageSession session, object message, CancellationToken cancellationToken = default) =>
        session.Send(message, new SendOptions(), cancellationToken);

    /// <summary>Sends a message to an endpoint.</summary>
    public static Task Send(this IMessageSession session, string destination, object message, CancellationToken cancellationToken = default)
    {
        var options = new SendOptions();
        options.SetDestination(destination);
        return session.Send(message, options, cancellationToken);
    }

    /// <summary>Sends a message to this endpoint.</summary>
    public static Task SendLocal(this IMessageSession session, object message, CancellationToken cancellationToken = default)
    {
        var options = new SendOptions();
        options.RouteToThisEndpoint();
        return session.Send(message, options, cancellationToken);
    }

    /// <summary>Publishes an event.</summary>
    public static Task Publish(this IMessageSession session, object message, CancellationToken cancellationToken = default) =>
        session.Publish(message, new PublishOptions(), cancellationToken);

    /// <summary>Leads events of a type to this endpoint.</summary>
    public static Task Subscribe(this IMessageSession session, Type messageType, CancellationToken cancellationToken = default) =>
        session.Subscribe(messageType, new SubscribeOptions(), cancellationToken);

    /// <summary>Leads events of a type to this endpoint.</summary>
    public static Task Subscribe<T>(this IMessageSession session, CancellationToken cancellationToken = default) =>
        session.Subscribe(typeof(T), new SubscribeOptions(), cancellationToken);
}
