namespace Bank.ServiceBus.Testing;

/// <summary>Picks messages of one type out of all that were sent.</summary>
public static class OutgoingMessageExtensions
{
    /// <summary>Those that are of the type, derived ones included, in the order of sending.</summary>
    public static IEnumerable<PublishedMessage<TMessage>> Containing<TMessage>(this IEnumerable<PublishedMessage<object>> publishedMessages) =>
        from sent in publishedMessages where sent.Message is TMessage select new PublishedMessage<TMessage>((TMessage)sent.Message, sent.Options);

    /// <summary>Those that are of the type, derived ones included, in the order of sending.</summary>
    public static IEnumerable<RepliedMessage<TMessage>> Containing<TMessage>(this IEnumerable<RepliedMessage<object>> repliedMessages) =>
        from sent in repliedMessages where sent.Message is TMessage select new RepliedMessage<TMessage>((TMessage)sent.Message, sent.Options);

    /// <summary>Those that are of the type, derived ones included, in the order of sending.</summary>
    public static IEnumerable<SentMessage<TMessage>> Containing<TMessage>(this IEnumerable<SentMessage<object>> sentMessages) =>
        from sent in sentMessages where sent.Message is TMessage select new SentMessage<TMessage>((TMessage)sent.Message, sent.Options);

    /// <summary>Those that are of the type, derived ones included, in the order of sending.</summary>
    public static IEnumerable<TimeoutMessage<TMessage>> Containing<TMessage>(this IEnumerable<TimeoutMessage<object>> timeoutMessages) =>
        from sent in timeoutMessages
        where sent.Message is TMessage
        select sent.At is { } at
            ? new TimeoutMessage<TMessage>((TMessage)sent.Message, sent.Options, at)
            : new TimeoutMessage<TMessage>((TMessage)sent.Message, sent.Options, sent.Within!.Value);

    /// <summary>The message, seen as a type.</summary>
    /// <exception cref="InvalidCastException">It is of another type.</exception>
    public static TMessage Message<TMessage>(this PublishedMessage<object> sentMessage) where TMessage : class => (TMessage)sentMessage.Message;

    /// <summary>The message, seen as a type.</summary>
    /// <exception cref="InvalidCastException">It is of another type.</exception>
    public static TMessage Message<TMessage>(this RepliedMessage<object> sentMessage) where TMessage : class => (TMessage)sentMessage.Message;

    /// <summary>The message, seen as a type.</summary>
    /// <exception cref="InvalidCastException">It is of another type.</exception>
    public static TMessage Message<TMessage>(this SentMessage<object> sentMessage) where TMessage : class => (TMessage)sentMessage.Message;
}
