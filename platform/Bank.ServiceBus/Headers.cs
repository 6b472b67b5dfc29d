namespace Bank.ServiceBus;

/// <summary>Names of message headers.</summary>
public static class Headers
{
    /// <summary>Content type of the body.</summary>
    public const string ContentType = "NServiceBus.ContentType";

    /// <summary>Groups all messages that one first message caused.</summary>
    public const string ConversationId = "NServiceBus.ConversationId";

    /// <summary>Correlates a reply with its request.</summary>
    public const string CorrelationId = "NServiceBus.CorrelationId";

    /// <summary>Content type of a body kept elsewhere.</summary>
    public const string DataBusConfigContentType = "NServiceBus.DataBusConfig.ContentType";

    /// <summary>How many delayed retries a message has had.</summary>
    public const string DelayedRetries = "NServiceBus.Retries";

    /// <summary>When the last delayed retry was scheduled.</summary>
    public const string DelayedRetriesTimestamp = "NServiceBus.Retries.Timestamp";

    /// <summary>W3C trace context.</summary>
    public const string DiagnosticsTraceParent = "traceparent";

    /// <summary>Assembly-qualified message types, joined by semicolons.</summary>
    public const string EnclosedMessageTypes = "NServiceBus.EnclosedMessageTypes";

    /// <summary><c>True</c> on a saga timeout.</summary>
    public const string IsSagaTimeoutMessage = "NServiceBus.IsSagaTimeoutMessage";

    /// <summary>The message id.</summary>
    public const string MessageId = "NServiceBus.MessageId";

    /// <summary>The intent: <c>Send</c>, <c>Publish</c> or <c>Reply</c>.</summary>
    public const string MessageIntent = "NServiceBus.MessageIntent";

    /// <summary>The sending endpoint.</summary>
    public const string OriginatingEndpoint = "NServiceBus.OriginatingEndpoint";

    /// <summary>Saga instance that sent the message.</summary>
    public const string OriginatingSagaId = "NServiceBus.OriginatingSagaId";

    /// <summary>Assembly-qualified type of the saga that sent the message.</summary>
    public const string OriginatingSagaType = "NServiceBus.OriginatingSagaType";

    /// <summary>The conversation that a new one was started from.</summary>
    public const string PreviousConversationId = "NServiceBus.PreviousConversationId";

    /// <summary>Id of the message being handled when this one was sent.</summary>
    public const string RelatedTo = "NServiceBus.RelatedTo";

    /// <summary>Where replies go.</summary>
    public const string ReplyToAddress = "NServiceBus.ReplyToAddress";

    /// <summary>Saga instance that the message is for.</summary>
    public const string SagaId = "NServiceBus.SagaId";

    /// <summary>Assembly-qualified type of the saga that the message is for.</summary>
    public const string SagaType = "NServiceBus.SagaType";

    /// <summary>When the message was sent.</summary>
    public const string TimeSent = "NServiceBus.TimeSent";
}
