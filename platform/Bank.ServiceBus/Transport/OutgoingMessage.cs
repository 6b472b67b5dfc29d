namespace Bank.ServiceBus.Transport;

/// <summary>A serialized message, ready to be sent.</summary>
/// <param name="messageId">The message id.</param>
/// <param name="headers">All headers.</param>
/// <param name="body">The body.</param>
public sealed class OutgoingMessage(string messageId, Dictionary<string, string> headers, ReadOnlyMemory<byte> body)
{
    /// <summary>The message id.</summary>
    public string MessageId { get; } = messageId;

    /// <summary>All headers.</summary>
    public Dictionary<string, string> Headers { get; } = headers;

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> Body { get; } = body;
}
