using Bank.ServiceBus.Extensibility;

namespace Bank.ServiceBus.Testing;

/// <summary>A message that the code under test has sent, and the options it gave.</summary>
/// <typeparam name="TMessage">The type to see the message as.</typeparam>
/// <typeparam name="TOptions">The kind of options.</typeparam>
public class OutgoingMessage<TMessage, TOptions> where TOptions : ExtendableOptions
{
    /// <summary>Keeps a message with its options.</summary>
    protected OutgoingMessage(TMessage message, TOptions options)
    {
        Message = message;
        Options = options;
    }

    /// <summary>The message.</summary>
    public TMessage Message { get; }

    /// <summary>The options.</summary>
    public TOptions Options { get; }
}

/// <summary>A message that was sent to one endpoint, timeouts of sagas included.</summary>
/// <typeparam name="TMessage">The type to see the message as.</typeparam>
/// <param name="message">The message.</param>
/// <param name="options">The options.</param>
public class SentMessage<TMessage>(TMessage message, SendOptions options) : OutgoingMessage<TMessage, SendOptions>(message, options);

/// <summary>An event that was published.</summary>
/// <typeparam name="TMessage">The type to see the message as.</typeparam>
/// <param name="message">The message.</param>
/// <param name="options">The options.</param>
public class PublishedMessage<TMessage>(TMessage message, PublishOptions options) : OutgoingMessage<TMessage, PublishOptions>(message, options);

/// <summary>An answer to the message being handled.</summary>
/// <typeparam name="TMessage">The type to see the message as.</typeparam>
/// <param name="message">The message.</param>
/// <param name="options">The options.</param>
public class RepliedMessage<TMessage>(TMessage message, ReplyOptions options) : OutgoingMessage<TMessage, ReplyOptions>(message, options);

/// <summary>A timeout that a saga has asked for.</summary>
/// <typeparam name="TMessage">The type to see the message as.</typeparam>
public class TimeoutMessage<TMessage> : OutgoingMessage<TMessage, SendOptions>
{
    /// <summary>A timeout at an instant.</summary>
    public TimeoutMessage(TMessage message, SendOptions options, DateTimeOffset at) : base(message, options) => At = at;

    /// <summary>A timeout after a time.</summary>
    public TimeoutMessage(TMessage message, SendOptions options, TimeSpan within) : base(message, options) => Within = within;

    /// <summary>When it is due; null when a time was given instead.</summary>
    public DateTimeOffset? At { get; }

    /// <summary>After what time it is due; null when an instant was given instead.</summary>
    public TimeSpan? Within { get; }
}
