namespace Bank.ServiceBus.Transport;

/// <summary>A connected transport.</summary>
public abstract class TransportInfrastructure
{
    /// <summary>Sends and publishes.</summary>
    public required IMessageDispatcher Dispatcher { get; init; }

    /// <summary>
    /// Sends what must not get in the way of <see cref="Dispatcher"/>, such as reports to a queue that may be missing: where a failed send
    /// disturbs others under way on the same channel, this one has a channel of its own.
    /// </summary>
    internal virtual IMessageDispatcher AsideDispatcher => Dispatcher;

    /// <summary>One receiver for each requested queue, by <see cref="ReceiveSettings.Id"/>.</summary>
    public required IReadOnlyDictionary<string, IMessageReceiver> Receivers { get; init; }

    /// <summary>The text by which others reach a queue.</summary>
    public abstract string ToTransportAddress(QueueAddress address);

    /// <summary>Closes connections. Receivers are stopped before.</summary>
    public abstract Task Shutdown(CancellationToken cancellationToken = default);
}
