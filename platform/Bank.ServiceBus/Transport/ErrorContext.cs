using Bank.ServiceBus.Extensibility;

namespace Bank.ServiceBus.Transport;

/// <summary>A message whose handling failed.</summary>
/// <param name="exception">Why.</param>
/// <param name="headers">The headers as received, before any handling changed them.</param>
/// <param name="nativeMessageId">The transport's id of the message.</param>
/// <param name="body">The body as received.</param>
/// <param name="transportTransaction">What ties outgoing operations to the receipt.</param>
/// <param name="immediateProcessingFailures">How often it has failed since it arrived in the queue, this time included; at least 1.</param>
/// <param name="receiveAddress">The queue it was read from.</param>
/// <param name="extensions">The values of the failed attempt.</param>
public sealed class ErrorContext(
    Exception exception,
    Dictionary<string, string> headers,
    string nativeMessageId,
    ReadOnlyMemory<byte> body,
    TransportTransaction transportTransaction,
    int immediateProcessingFailures,
    string receiveAddress,
    ContextBag extensions)
{
    /// <summary>Why it failed.</summary>
    public Exception Exception { get; } = exception;

    /// <summary>The headers as received.</summary>
    public Dictionary<string, string> Headers { get; } = headers;

    /// <summary>The logical message id: its header, or the native id when the header is missing.</summary>
    public string MessageId { get; } =
        headers.TryGetValue(ServiceBus.Headers.MessageId, out var id) && id.Length > 0 ? id : nativeMessageId;

    /// <summary>The transport's id of the message.</summary>
    public string NativeMessageId { get; } = nativeMessageId;

    /// <summary>The body as received.</summary>
    public ReadOnlyMemory<byte> Body { get; } = body;

    /// <summary>What ties outgoing operations to the receipt.</summary>
    public TransportTransaction TransportTransaction { get; } = transportTransaction;

    /// <summary>How often it has failed since it arrived in the queue, this time included.</summary>
    public int ImmediateProcessingFailures { get; } = immediateProcessingFailures;

    /// <summary>How many delayed retries it has had, from its headers.</summary>
    public int DelayedDeliveriesPerformed { get; } =
        headers.TryGetValue(ServiceBus.Headers.DelayedRetries, out var text) && int.TryParse(text, out var retries) ? retries : 0;

    /// <summary>The queue it was read from.</summary>
    public string ReceiveAddress { get; } = receiveAddress;

    /// <summary>What the transport tells besides.</summary>
    public ReceiveProperties ReceiveProperties => ReceiveProperties.Empty;

    /// <summary>The values of the failed attempt.</summary>
    public ContextBag Extensions { get; } = extensions;
}
