using Bank.ServiceBus.Hosting;
using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.ServicePlatform;

/// <summary>A queue of the platform. Messages go to it past the outgoing pipeline, with the headers given here and no others.</summary>
internal sealed class PlatformQueue(string address, EndpointSurroundings endpoint)
{
    public string Address { get; } = address;

    /// <summary>Sends a JSON message.</summary>
    /// <param name="type">The name by which the platform knows the type; not that of any type here.</param>
    /// <param name="body">The JSON text.</param>
    /// <param name="timeToLive">After how long the message may be discarded; null for never.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task Send(string type, byte[] body, TimeSpan? timeToLive, CancellationToken cancellationToken)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Headers.EnclosedMessageTypes] = type,
            [Headers.ContentType] = ContentTypes.Json,
        };
        return SendWithIntent(headers, body, timeToLive, cancellationToken);
    }

    /// <summary>Sends a message without content, to prove that the queue is there.</summary>
    public Task SendControlMessage(CancellationToken cancellationToken)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal) { [HeaderNames.ControlMessage] = bool.TrueString };
        return SendWithIntent(headers, [], null, cancellationToken);
    }

    /// <summary>Sends a message with just these headers.</summary>
    public Task SendRaw(Dictionary<string, string> headers, byte[] body, TimeSpan? timeToLive, CancellationToken cancellationToken)
    {
        var message = new OutgoingMessage(Guid.NewGuid().ToString(), headers, body);
        var properties = new DispatchProperties { DiscardIfNotReceivedBefore = timeToLive };
        var operation = new TransportOperation(message, new UnicastDestination(Address), properties, DispatchConsistency.Isolated);
        return endpoint.Dispatcher.Dispatch(new TransportOperations(operation), new TransportTransaction(), cancellationToken);
    }

    private Task SendWithIntent(Dictionary<string, string> headers, byte[] body, TimeSpan? timeToLive, CancellationToken cancellationToken)
    {
        headers[Headers.MessageIntent] = nameof(MessageIntent.Send);
        if (endpoint.LocalAddress is { } replyTo) headers[Headers.ReplyToAddress] = replyTo;
        return SendRaw(headers, body, timeToLive, cancellationToken);
    }
}
