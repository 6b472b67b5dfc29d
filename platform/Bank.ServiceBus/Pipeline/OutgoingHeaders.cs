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
        AddCausation(headers, scope, messageId);
        AddDelivery(headers, options);
        AddTraceStart(headers, options, intent);
        return headers;
    }

    private void AddCausation(Dictionary<string, string> headers, OperationScope scope, string messageId)
    {
        var incoming = scope.Incoming;
        if (incoming is null)
        {
            headers.TryAdd(Headers.ConversationId, CombGuid.NewText(clock));
            headers.TryAdd(Headers.CorrelationId, messageId);
            return;
        }

        headers[Headers.RelatedTo] = incoming.MessageId;
        var conversation = incoming.Headers.GetValueOrDefault(Headers.ConversationId);
        if (conversation is not null && headers.TryGetValue(Headers.ConversationId, out var own) && own != conversation)
            throw new InvalidOperationException($"{Headers.ConversationId}: cannot be set while a message of another conversation is handled.");
        headers[Headers.ConversationId] = conversation ?? headers.GetValueOrDefault(Headers.ConversationId) ?? CombGuid.NewText(clock);
        headers.TryAdd(Headers.CorrelationId, incoming.Headers.GetValueOrDefault(Headers.CorrelationId) ?? incoming.MessageId);
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
