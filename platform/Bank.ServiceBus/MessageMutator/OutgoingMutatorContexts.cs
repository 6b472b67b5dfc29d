using System.Diagnostics.CodeAnalysis;

namespace Bank.ServiceBus.MessageMutator;

/// <summary>A message that is sent, before it is serialized.</summary>
public class MutateOutgoingMessageContext : ICancellableContext
{
    private readonly object? handledMessage;
    private readonly IReadOnlyDictionary<string, string>? handledHeaders;

    /// <summary>Describes one message.</summary>
    /// <param name="outgoingMessage">The message.</param>
    /// <param name="outgoingHeaders">Its headers.</param>
    /// <param name="incomingMessage">The message being handled; null outside of message handling.</param>
    /// <param name="incomingHeaders">The headers of the message being handled; null outside of message handling.</param>
    /// <param name="cancellationToken">Cancelled when the endpoint must stop.</param>
    public MutateOutgoingMessageContext(
        object outgoingMessage, Dictionary<string, string> outgoingHeaders, object? incomingMessage, IReadOnlyDictionary<string, string>? incomingHeaders,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(outgoingMessage);
        ArgumentNullException.ThrowIfNull(outgoingHeaders);
        (OutgoingMessage, OutgoingHeaders, CancellationToken) = (outgoingMessage, outgoingHeaders, cancellationToken);
        (handledMessage, handledHeaders) = (incomingMessage, incomingHeaders);
    }

    /// <summary>The message; set it to put another one in its place.</summary>
    public object OutgoingMessage
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>Its headers.</summary>
    public Dictionary<string, string> OutgoingHeaders { get; }

    /// <inheritdoc />
    public CancellationToken CancellationToken { get; }

    /// <summary>The message being handled, if there is one.</summary>
    public bool TryGetIncomingMessage([NotNullWhen(true)] out object? incomingMessage) => (incomingMessage = handledMessage) is not null;

    /// <summary>The headers of the message being handled, if there is one.</summary>
    public bool TryGetIncomingHeaders([NotNullWhen(true)] out IReadOnlyDictionary<string, string>? incomingHeaders) =>
        (incomingHeaders = handledHeaders) is not null;
}

/// <summary>A message that is sent, after it was serialized.</summary>
public class MutateOutgoingTransportMessageContext : ICancellableContext
{
    private readonly object? handledMessage;
    private readonly IReadOnlyDictionary<string, string>? handledHeaders;

    /// <summary>Describes one message.</summary>
    /// <param name="outgoingBody">The body.</param>
    /// <param name="outgoingMessage">The message that the body was made of.</param>
    /// <param name="outgoingHeaders">Its headers.</param>
    /// <param name="incomingMessage">The message being handled; null outside of message handling.</param>
    /// <param name="incomingHeaders">The headers of the message being handled; null outside of message handling.</param>
    /// <param name="cancellationToken">Cancelled when the endpoint must stop.</param>
    public MutateOutgoingTransportMessageContext(
        ReadOnlyMemory<byte> outgoingBody, object outgoingMessage, Dictionary<string, string> outgoingHeaders, object? incomingMessage,
        IReadOnlyDictionary<string, string>? incomingHeaders, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(outgoingMessage);
        ArgumentNullException.ThrowIfNull(outgoingHeaders);
        (OutgoingBody, OutgoingMessage, OutgoingHeaders, CancellationToken) = (outgoingBody, outgoingMessage, outgoingHeaders, cancellationToken);
        (handledMessage, handledHeaders) = (incomingMessage, incomingHeaders);
    }

    /// <summary>The body; set it to put another one in its place.</summary>
    public ReadOnlyMemory<byte> OutgoingBody { get; set; }

    /// <summary>The message that the body was made of.</summary>
    public object OutgoingMessage { get; }

    /// <summary>Its headers.</summary>
    public Dictionary<string, string> OutgoingHeaders { get; }

    /// <inheritdoc />
    public CancellationToken CancellationToken { get; }

    /// <summary>The message being handled, if there is one.</summary>
    public bool TryGetIncomingMessage([NotNullWhen(true)] out object? incomingMessage) => (incomingMessage = handledMessage) is not null;

    /// <summary>The headers of the message being handled, if there is one.</summary>
    public bool TryGetIncomingHeaders([NotNullWhen(true)] out IReadOnlyDictionary<string, string>? incomingHeaders) =>
        (incomingHeaders = handledHeaders) is not null;
}
