using System.Collections.Concurrent;

namespace Bank.ServiceBus.Testing;

/// <summary>A session to give to code that sends from outside of message handling: it remembers what was sent, and sends nothing.</summary>
/// <param name="messageCreator">Makes the messages that the code under test only describes. Default: one that makes classes and interfaces.</param>
public class TestableMessageSession(IMessageCreator? messageCreator = null) : IMessageSession
{
    /// <summary>Makes the messages that the code under test only describes.</summary>
    protected IMessageCreator messageCreator = messageCreator ?? new MessageInterfaces.MessageMapper();

    private readonly OutgoingMessageLog log = new();
    private readonly ConcurrentQueue<Subscription> subscriptions = new();
    private readonly ConcurrentQueue<Unsubscription> unsubscriptions = new();

    /// <summary>The events published, in order.</summary>
    public virtual PublishedMessage<object>[] PublishedMessages => log.Published;

    /// <summary>The messages sent, in order.</summary>
    public virtual SentMessage<object>[] SentMessages => log.Sent;

    /// <summary>The messages sent as timeouts of sagas, in order.</summary>
    public virtual TimeoutMessage<object>[] TimeoutMessages => log.Timeouts;

    /// <summary>The subscriptions made, in order.</summary>
    public virtual Subscription[] Subscriptions => [.. subscriptions];

    /// <summary>The subscriptions ended, in order.</summary>
    public virtual Unsubscription[] Unsubscription => [.. unsubscriptions];

    /// <inheritdoc />
    public virtual Task Publish(object message, PublishOptions publishOptions, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        log.Add(message, publishOptions);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public virtual Task Send(object message, SendOptions sendOptions, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        log.Add(message, sendOptions);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public virtual Task Publish<T>(Action<T> messageConstructor, PublishOptions publishOptions, CancellationToken cancellationToken = default) =>
        Publish(messageCreator.CreateInstance(messageConstructor)!, publishOptions, cancellationToken);

    /// <inheritdoc />
    public virtual Task Send<T>(Action<T> messageConstructor, SendOptions sendOptions, CancellationToken cancellationToken = default) =>
        Send(messageCreator.CreateInstance(messageConstructor)!, sendOptions, cancellationToken);

    /// <inheritdoc />
    public virtual Task Subscribe(Type eventType, SubscribeOptions options, CancellationToken cancellationToken = default)
    {
        subscriptions.Enqueue(new Subscription(eventType, options));
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public virtual Task Unsubscribe(Type eventType, UnsubscribeOptions options, CancellationToken cancellationToken = default)
    {
        unsubscriptions.Enqueue(new Unsubscription(eventType, options));
        return Task.CompletedTask;
    }
}

/// <summary>A subscription that was made.</summary>
/// <param name="message">The type of the events.</param>
/// <param name="options">The options.</param>
public class Subscription(Type message, SubscribeOptions options) : OutgoingMessage<Type, SubscribeOptions>(message, options);

/// <summary>A subscription that was ended.</summary>
/// <param name="message">The type of the events.</param>
/// <param name="options">The options.</param>
public class Unsubscription(Type message, UnsubscribeOptions options) : OutgoingMessage<Type, UnsubscribeOptions>(message, options);
