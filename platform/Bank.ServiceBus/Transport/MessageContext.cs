using Bank.ServiceBus.Extensibility;

namespace Bank.ServiceBus.Transport;

/// <summary>A message as received.</summary>
/// <param name="nativeMessageId">The transport's id of the message.</param>
/// <param name="headers">The headers, for the receiving pipeline to change.</param>
/// <param name="body">The body; valid until the message is handled.</param>
/// <param name="transportTransaction">What ties outgoing operations to the receipt.</param>
/// <param name="receiveAddress">The queue it was read from.</param>
/// <param name="extensions">Values that travel along.</param>
public sealed class MessageContext(
    string nativeMessageId,
    Dictionary<string, string> headers,
    ReadOnlyMemory<byte> body,
    TransportTransaction transportTransaction,
    string receiveAddress,
    ContextBag extensions) : IExtendable
{
    /// <summary>The transport's id of the message.</summary>
    public string NativeMessageId { get; } = nativeMessageId;

    /// <summary>The headers.</summary>
    public Dictionary<string, string> Headers { get; } = headers;

    /// <summary>The body; valid until the message is handled.</summary>
    public ReadOnlyMemory<byte> Body { get; } = body;

    /// <summary>What ties outgoing operations to the receipt.</summary>
    public TransportTransaction TransportTransaction { get; } = transportTransaction;

    /// <summary>The queue it was read from.</summary>
    public string ReceiveAddress { get; } = receiveAddress;

    /// <inheritdoc />
    public ContextBag Extensions { get; } = extensions;
}
