using Bank.ServiceBus.Transport;
using Microsoft.Extensions.Logging;

namespace Bank.ServiceBus.Diagnostics;

/// <summary>Lets every log line that is written while a message is handled tell which message that was, and by which handler.</summary>
internal sealed class LogScopes(ILogger logger, string endpoint)
{
    public OnMessage Around(OnMessage handle) => async (message, cancellationToken) =>
    {
        using var scope = logger.BeginScope(Of(message.Headers, message.NativeMessageId));
        await handle(message, cancellationToken);
    };

    public OnError Around(OnError handle) => async (error, cancellationToken) =>
    {
        using var scope = logger.BeginScope(Of(error.Headers, error.NativeMessageId));
        return await handle(error, cancellationToken);
    };

    public IDisposable? OfHandler(Type handler, Guid? saga) => logger.BeginScope(
        saga is { } id ? new LogScope(("Handler", handler.FullName), ("SagaId", id)) : new LogScope(("Handler", handler.FullName)));

    private LogScope Of(Dictionary<string, string> headers, string nativeMessageId) => new(
        ("Endpoint", endpoint),
        ("MessageId", headers.GetValueOrDefault(Headers.MessageId, nativeMessageId)),
        ("ConversationId", headers.GetValueOrDefault(Headers.ConversationId)),
        ("CorrelationId", headers.GetValueOrDefault(Headers.CorrelationId)),
        ("MessageType", headers.TryGetValue(Headers.EnclosedMessageTypes, out var types) ? Name(types) : null));

    /// <summary>The name of the first of the types, without its assembly. Cut, because anybody may have written the header.</summary>
    private static string Name(string types)
    {
        const int Longest = 200;
        var end = types.AsSpan().IndexOfAny(',', ';');
        return types[..Math.Min(end < 0 ? types.Length : end, Longest)];
    }
}
