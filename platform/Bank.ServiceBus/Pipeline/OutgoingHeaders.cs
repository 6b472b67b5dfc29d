using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Hosting;
using Bank.ServiceBus.Routing;

namespace Bank.ServiceBus.Pipeline;

/// <summary>The headers that every outgoing message gets.</summary>
internal sealed class OutgoingHeaders(HostInformation host, TimeProvider clock, LocalAddresses addresses)
{
    /// <summary>The version of the wire format, as other endpoints expect to read it.</summary>
    internal const string WireVersion = "10.2.8";

    public Dictionary<string, string> For(
        OperationScope scope, ExtendableOptions options, string messageId, MessageIntent intent, string contentType)
    {
        var headers = new Dictionary<string, string>(options.OutgoingHeaders, StringComparer.Ordinal)
        {
            [Headers.MessageId] = messageId,
            [Headers.MessageIntent] = intent.ToString(),
            [Headers.OriginatingEndpoint] = host.EndpointName,
            [HeaderNames.OriginatingMachine] = host.MachineName,
            [HeaderNames.OriginatingHostId] = host.HostId,
            [Headers.ContentType] = contentType,
        };
        if ((options.ReplyTo ?? (options.ReplyToThisInstance ? addresses.Instance : addresses.ReplyTo)) is { } replyTo) headers[Headers.ReplyToAddress] = replyTo;
        headers.TryAdd(HeaderNames.Version, WireVersion);
        headers.TryAdd(Headers.TimeSent, DateTimeOffsetHelper.ToWireFormattedString(clock.GetUtcNow()));
        AddCausation(headers, scope, options as SendOptions, messageId);
        AddDelivery(headers, options);
        AddTraceStart(headers, options, intent);
        return headers;
    }

    private void AddCausation(Dictionary<string, string> headers, OperationScope scope, SendOptions? send, string messageId)
    {
        var incoming = scope.Incoming;
        if (incoming is not null) headers[Headers.RelatedTo] = incoming.MessageId;
        AddConversation(headers, incoming?.Headers.GetValueOrDefault(Headers.ConversationId), send);
        headers.TryAdd(Headers.CorrelationId, incoming is null ? messageId : incoming.Headers.GetValueOrDefault(Headers.CorrelationId) ?? incoming.MessageId);
    }

    private void AddConversation(Dictionary<string, string> headers, string? current, SendOptions? send)
    {
        if (headers.ContainsKey(Headers.ConversationId) && (current is not null || send is { StartsNewConversation: true }))
            throw new InvalidOperationException($"{Headers.ConversationId}: cannot be set while a message of a conversation is handled, nor beside StartNewConversation, which is the way to leave it.");
        if (send is { StartsNewConversation: true })
        {
            if (current is not null) headers[Headers.PreviousConversationId] = current;
            headers[Headers.ConversationId] = send.NewConversationId ?? CombGuid.NewText(clock);
        }
        else if (current is not null)
        {
            headers[Headers.ConversationId] = current;
        }
        else if (!headers.ContainsKey(Headers.ConversationId))
        {
            headers[Headers.ConversationId] = CombGuid.NewText(clock);
        }
    }

    private void AddDelivery(Dictionary<string, string> headers, ExtendableOptions options)
    {
        var due = options.Delivery.DoNotDeliverBefore
            ?? (options.Delivery.DelayDeliveryWith is { } delay ? clock.GetUtcNow() + delay : null);
        if (due is { } instant) headers.TryAdd(HeaderNames.DeliverAt, DateTimeOffsetHelper.ToWireFormattedString(instant));
    }

    private static void AddTraceStart(Dictionary<string, string> headers, ExtendableOptions options, MessageIntent intent)
    {
        var delayed = options.Delivery.DoNotDeliverBefore is not null || options.Delivery.DelayDeliveryWith is not null;
        if (options.StartsNewTrace is { } chosen)
            headers[HeaderNames.StartNewTrace] = chosen ? bool.TrueString : bool.FalseString;
        else if (intent == MessageIntent.Publish || (delayed && System.Diagnostics.Activity.Current is not null))
            headers[HeaderNames.StartNewTrace] = bool.TrueString;
        else if (intent == MessageIntent.Send)
            headers.TryAdd(HeaderNames.StartNewTrace, bool.FalseString);
    }
}
