using Bank.ServiceBus.Extensibility;

namespace Bank.ServiceBus.Testing;

/// <summary>A context that remembers what is sent and published through it, and sends nothing.</summary>
/// <param name="messageCreator">Makes the messages that the code under test only describes. Default: one that makes classes and interfaces.</param>
public class TestablePipelineContext(IMessageCreator? messageCreator = null) : IPipelineContext
{
    /// <summary>Makes the messages that the code under test only describes.</summary>
    protected IMessageCreator messageCreator = messageCreator ?? new MessageInterfaces.MessageMapper();

    private readonly OutgoingMessageLog log = new();

    /// <summary>The token that the code under test sees.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>The values that travel along.</summary>
    public ContextBag Extensions { get; set; } = new();

    /// <summary>The events published, in order.</summary>
    public virtual PublishedMessage<object>[] PublishedMessages => log.Published;

    /// <summary>The messages sent, in order; timeouts of sagas are among them.</summary>
    public virtual SentMessage<object>[] SentMessages => log.Sent;

    /// <summary>The timeouts that a saga asked for, in order.</summary>
    public virtual TimeoutMessage<object>[] TimeoutMessages => log.Timeouts;

    /// <inheritdoc />
    public virtual Task Publish(object message, PublishOptions options)
    {
        log.Add(message, options);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public virtual Task Send(object message, SendOptions options)
    {
        log.Add(message, options);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public virtual Task Publish<T>(Action<T> messageConstructor, PublishOptions publishOptions) => Publish(messageCreator.CreateInstance(messageConstructor)!, publishOptions);

    /// <inheritdoc />
    public virtual Task Send<T>(Action<T> messageConstructor, SendOptions options) => Send(messageCreator.CreateInstance(messageConstructor)!, options);
}
