namespace Bank.ServiceBus.MessageMutator;

/// <summary>A received message before its handlers run.</summary>
/// <param name="message">The message.</param>
/// <param name="headers">Its headers.</param>
/// <param name="cancellationToken">Cancelled when the endpoint must stop.</param>
public class MutateIncomingMessageContext(object message, Dictionary<string, string> headers, CancellationToken cancellationToken = default) : ICancellableContext
{
    /// <summary>The message; set it to put another one in its place.</summary>
    public object Message
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    } = message ?? throw new ArgumentNullException(nameof(message));

    /// <summary>Its headers.</summary>
    public Dictionary<string, string> Headers { get; } = headers ?? throw new ArgumentNullException(nameof(headers));

    /// <inheritdoc />
    public CancellationToken CancellationToken { get; } = cancellationToken;
}

/// <summary>A received message before it is deserialized.</summary>
/// <param name="body">The body.</param>
/// <param name="headers">Its headers.</param>
/// <param name="cancellationToken">Cancelled when the endpoint must stop.</param>
public class MutateIncomingTransportMessageContext(ReadOnlyMemory<byte> body, Dictionary<string, string> headers, CancellationToken cancellationToken = default)
    : ICancellableContext
{
    /// <summary>The body; set it to put another one in its place.</summary>
    public ReadOnlyMemory<byte> Body { get; set; } = body;

    /// <summary>Its headers.</summary>
    public Dictionary<string, string> Headers { get; } = headers ?? throw new ArgumentNullException(nameof(headers));

    /// <inheritdoc />
    public CancellationToken CancellationToken { get; } = cancellationToken;
}
