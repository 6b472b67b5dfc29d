using System.Diagnostics;

namespace Bank.ServiceBus.Diagnostics;

/// <summary>Traces: W3C context in headers, activities around sending, receiving and handling.</summary>
internal static class BusActivities
{
    private static readonly ActivitySource Source = new("NServiceBus.Core", "0.1.0");

    private static readonly (string Header, string Tag)[] Promoted =
    [
        (Headers.MessageId, "nservicebus.message_id"),
        (Headers.CorrelationId, "nservicebus.correlation_id"),
        (Headers.ConversationId, "nservicebus.conversation_id"),
        ("NServiceBus.PreviousConversationId", "nservicebus.previous_conversation_id"),
        (Headers.RelatedTo, "nservicebus.related_to"),
        (Headers.MessageIntent, "nservicebus.message_intent"),
        (Headers.ReplyToAddress, "nservicebus.reply_to_address"),
        (HeaderNames.Version, "nservicebus.version"),
        (HeaderNames.ControlMessage, "nservicebus.control_message"),
        (Headers.ContentType, "nservicebus.content_type"),
        (Headers.EnclosedMessageTypes, "nservicebus.enclosed_message_types"),
        (HeaderNames.DeliverAt, "nservicebus.deliver_at"),
        (Headers.DelayedRetries, "nservicebus.delayed_retries"),
        (Headers.DelayedRetriesTimestamp, "nservicebus.delayed_retries_timestamp"),
        (HeaderNames.TimeToBeReceived, "nservicebus.time_to_be_received"),
        ("NServiceBus.IsDeferredMessage", "nservicebus.is_deferred"),
        ("NServiceBus.NonDurableMessage", "nservicebus.non_durable"),
        (Headers.OriginatingEndpoint, "nservicebus.originating_endpoint"),
        (HeaderNames.OriginatingMachine, "nservicebus.originating_machine"),
        (HeaderNames.OriginatingHostId, "nservicebus.originating_host_id"),
        ("NServiceBus.OriginatingAddress", "nservicebus.originating_address"),
        (HeaderNames.ProcessingEndpoint, "nservicebus.processing_endpoint"),
        (HeaderNames.ProcessingMachine, "nservicebus.processing_machine"),
        (HeaderNames.HostDisplayName, "nservicebus.host.display_name"),
        (HeaderNames.HostId, "nservicebus.host.host_id"),
        ("$.diagnostics.license.expired", "nservicebus.has_license_expired"),
        ("NServiceBus.DataBusConfig.ContentType", "nservicebus.databus.content_type"),
        (Headers.OriginatingSagaId, "nservicebus.originating_saga_id"),
        (Headers.OriginatingSagaType, "nservicebus.originating_saga_type"),
        (Headers.SagaId, "nservicebus.saga.saga_id"),
        (Headers.SagaType, "nservicebus.saga.saga_type"),
        (Headers.IsSagaTimeoutMessage, "nservicebus.saga.is_timeout"),
    ];

    public static Activity? StartOutgoing(MessageIntent intent)
    {
        var publish = intent == MessageIntent.Publish;
        var activity = Source.StartActivity(publish ? "NServiceBus.Diagnostics.PublishMessage" : "NServiceBus.Diagnostics.SendMessage", ActivityKind.Producer);
        if (activity is not null) activity.DisplayName = publish ? "publish event" : intent == MessageIntent.Reply ? "reply" : "send message";
        return activity;
    }

    /// <param name="headers">The headers of the message.</param>
    /// <param name="nativeMessageId">The transport's id of it.</param>
    /// <param name="ofTransport">The activity in which the transport received it; null when it makes none.</param>
    public static Activity? StartIncoming(Dictionary<string, string> headers, string nativeMessageId, Activity? ofTransport = null)
    {
        const string name = "NServiceBus.Diagnostics.ReceiveMessage";
        Activity? activity;
        var known = TryReadSender(headers, out var remote);
        if (ofTransport is not null)
        {
            var links = known && remote.SpanId != ofTransport.SpanId ? new[] { new ActivityLink(remote) } : null;
            activity = Source.StartActivity(name, ActivityKind.Consumer, ofTransport.Context, links: links);
        }
        else if (known)
        {
            var newTrace = headers.TryGetValue(HeaderNames.StartNewTrace, out var text) && bool.TryParse(text, out var start) && start;
            activity = newTrace
                ? StartRoot(name, remote)
                : Source.StartActivity(name, ActivityKind.Consumer, remote);
        }
        else
        {
            activity = Source.StartActivity(name, ActivityKind.Consumer);
        }

        if (activity is null) return null;
        activity.DisplayName = "process message";
        activity.SetTag("nservicebus.native_message_id", nativeMessageId);
        Describe(activity, headers);
        AddBaggage(activity, headers);
        return activity;
    }

    private static bool TryReadSender(Dictionary<string, string> headers, out ActivityContext sender)
    {
        sender = default;
        return headers.TryGetValue(Headers.DiagnosticsTraceParent, out var parent)
            && ActivityContext.TryParse(parent, headers.GetValueOrDefault(HeaderNames.TraceState), isRemote: true, out sender);
    }

    /// <param name="handlerType">The class of the handler.</param>
    /// <param name="saga">The instance that it works on; null for a handler that is no saga.</param>
    public static Activity? StartHandler(Type handlerType, Guid? saga)
    {
        var activity = Source.StartActivity("NServiceBus.Diagnostics.InvokeHandler");
        if (activity is null) return null;
        activity.DisplayName = handlerType.Name;
        activity.SetTag("nservicebus.handler.handler_type", handlerType.FullName);
        if (saga is { } id) activity.SetTag("nservicebus.handler.saga_id", id.ToString());
        return activity;
    }

    public static Activity? StartSubscription(string operation, Type eventType)
    {
        var activity = Source.StartActivity("NServiceBus.Diagnostics." + operation, ActivityKind.Producer);
        if (activity is null) return null;
        activity.DisplayName = operation.ToLowerInvariant() + " event";
        activity.SetTag("nservicebus.event_types", eventType.FullName);
        return activity;
    }

    /// <summary>Writes the current trace context into headers.</summary>
    public static void Propagate(Dictionary<string, string> headers)
    {
        if (Activity.Current is not { IdFormat: ActivityIdFormat.W3C } activity) return;
        headers[Headers.DiagnosticsTraceParent] = activity.Id!;
        if (activity.TraceStateString is { Length: > 0 } state) headers[HeaderNames.TraceState] = state;
        var baggage = string.Join(',', activity.Baggage.Select(item => $"{item.Key}={Uri.EscapeDataString(item.Value ?? "")}"));
        if (baggage.Length > 0) headers[HeaderNames.Baggage] = baggage;
    }

    public static void Describe(Activity? activity, Dictionary<string, string> headers)
    {
        if (activity is not { IsAllDataRequested: true }) return;
        foreach (var (header, tag) in Promoted)
        {
            if (headers.TryGetValue(header, out var value)) activity.SetTag(tag, value);
        }
    }

    /// <summary>Notes that the batch of a handled message goes out.</summary>
    public static void StartDispatching(int messages) =>
        Own?.AddEvent(new ActivityEvent("Start dispatching", tags: new ActivityTagsCollection { ["message-count"] = messages }));

    public static void FinishDispatching() => Own?.AddEvent(new ActivityEvent("Finished dispatching"));

    /// <summary>Notes that the outbox knew the message already.</summary>
    public static void Deduplicated(string messageId) => Own?.SetTag("nservicebus.outbox.deduplicate-message", messageId);

    public static void Fail(Activity? activity, Exception exception, bool cancelled = false)
    {
        if (activity is null) return;
        if (cancelled) activity.SetTag("nservicebus.cancelled", true);
        activity.SetStatus(ActivityStatusCode.Error, exception.Message);
        activity.SetTag("otel.status_code", "ERROR");
        activity.SetTag("otel.status_description", exception.Message);
        activity.AddException(exception, new TagList { { "exception.escaped", true } });
    }

    private static Activity? Own => Activity.Current is { } current && current.Source == Source ? current : null;

    // Without a parent of its own an activity would become a child of the ambient one.
    private static Activity? StartRoot(string name, ActivityContext remote)
    {
        var ambient = Activity.Current;
        Activity.Current = null;
        var activity = Source.StartActivity(name, ActivityKind.Consumer, parentContext: default, links: [new ActivityLink(remote)]);
        if (activity is null) Activity.Current = ambient;
        return activity;
    }

    private static void AddBaggage(Activity activity, Dictionary<string, string> headers)
    {
        if (!headers.TryGetValue(HeaderNames.Baggage, out var text)) return;
        foreach (var item in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = item.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0) activity.AddBaggage(item[..equals].Trim(), Uri.UnescapeDataString(item[(equals + 1)..]));
        }
    }
}
