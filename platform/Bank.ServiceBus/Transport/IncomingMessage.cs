namespace Bank.ServiceBus.Transport;

/// <summary>A received message while it is handled.</summary>
/// <param name="nativeMessageId">The transport's id; becomes the message id header when that is missing.</param>
/// <param name="headers">The headers.</param>
/// <param name="body">The body.</param>
public sealed class IncomingMessage(string nativeMessageId, Dictionary<string, string> headers, ReadOnlyMemory<byte> body)
{
    /// <summary>The transport's id.</summary>
    public string NativeMessageId { get; } = nativeMessageId;

    /// <summary>The logical message id.</summary>
    public string MessageId { get; } = WithMessageId(headers, nativeMessageId);

    /// <summary>The headers.</summary>
    public Dictionary<string, string> Headers { get; } = headers;

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> Body { get; internal set; } = body;

    /// <summary>What the transport tells besides.</summary>
    public ReceiveProperties ReceiveProperties => ReceiveProperties.Empty;

    /// <summary>The classes of its handlers, joined by semicolons; null while unknown or when nobody measures.</summary>
    internal string? HandlerTypes { get; set; }

    /// <summary>What the body was read as; null until then.</summary>
    internal Pipeline.LogicalMessage? Logical { get; set; }

    private static string WithMessageId(Dictionary<string, string> headers, string nativeMessageId)
    {
        if (headers.TryGetValue(ServiceBus.Headers.MessageId, out var id) && id.Length > 0) return id;
        return headers[ServiceBus.Headers.MessageId] = nativeMessageId;
    }
}
