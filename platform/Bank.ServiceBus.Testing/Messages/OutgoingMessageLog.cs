using System.Collections.Concurrent;

namespace Bank.ServiceBus.Testing;

/// <summary>What was sent, in order; code under test may send from several threads.</summary>
internal sealed class OutgoingMessageLog
{
    private readonly ConcurrentQueue<SentMessage<object>> sent = new();
    private readonly ConcurrentQueue<PublishedMessage<object>> published = new();
    private readonly ConcurrentQueue<TimeoutMessage<object>> timeouts = new();

    public SentMessage<object>[] Sent => [.. sent];

    public PublishedMessage<object>[] Published => [.. published];

    public TimeoutMessage<object>[] Timeouts => [.. timeouts];

    public void Add(object message, SendOptions options)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(options);
        if (options.GetHeaders().GetValueOrDefault(Headers.IsSagaTimeoutMessage) == bool.TrueString)
            timeouts.Enqueue(Timeout(message, options));
        sent.Enqueue(new SentMessage<object>(message, options));
    }

    public void Add(object message, PublishOptions options)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(options);
        published.Enqueue(new PublishedMessage<object>(message, options));
    }

    private static TimeoutMessage<object> Timeout(object message, SendOptions options) =>
        options.GetDeliveryDate() is { } at
            ? new TimeoutMessage<object>(message, options, at)
            : new TimeoutMessage<object>(message, options, options.GetDeliveryDelay() ?? TimeSpan.Zero);
}
