using System.Collections.Concurrent;
using System.Collections.ObjectModel;

namespace Bank.ServiceBus.Testing;

/// <summary>A context of a message being handled, which remembers answers and forwarded copies too.</summary>
/// <param name="messageCreator">Makes the messages that the code under test only describes. Default: one that makes classes and interfaces.</param>
public class TestableMessageProcessingContext(IMessageCreator? messageCreator = null) : TestablePipelineContext(messageCreator), IMessageProcessingContext
{
    private readonly ConcurrentQueue<RepliedMessage<object>> replied = new();
    private readonly ConcurrentQueue<string> forwarded = new();

    /// <summary>Where copies of the message were sent, in order.</summary>
    public virtual string[] ForwardedMessages => [.. forwarded];

    /// <summary>The headers of the message; empty until a test fills them.</summary>
    public IDictionary<string, string> MessageHeaders { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The id of the message. Default: a new one.</summary>
    public string MessageId { get; set; } = Guid.NewGuid().ToString();

    /// <summary>The answers, in order.</summary>
    public virtual RepliedMessage<object>[] RepliedMessages => [.. replied];

    /// <summary>Where answers to the message would go.</summary>
    public string ReplyToAddress { get; set; } = "reply address";

    IReadOnlyDictionary<string, string> IMessageProcessingContext.MessageHeaders =>
        MessageHeaders as IReadOnlyDictionary<string, string> ?? new ReadOnlyDictionary<string, string>(MessageHeaders);

    /// <inheritdoc />
    public virtual Task ForwardCurrentMessageTo(string destination)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(destination);
        forwarded.Enqueue(destination);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public virtual Task Reply<T>(Action<T> messageConstructor, ReplyOptions options) => Reply(messageCreator.CreateInstance(messageConstructor)!, options);

    /// <inheritdoc />
    public virtual Task Reply(object message, ReplyOptions options)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(options);
        replied.Enqueue(new RepliedMessage<object>(message, options));
        return Task.CompletedTask;
    }
}
