namespace Bank.ServiceBus.Testing;

/// <summary>Finds the first message of a type among all that were sent. The result is null (for a struct: its default) when there is none.</summary>
public static class TestingExtensions
{
    /// <summary>The first event of the type that was published; null when there is none.</summary>
    public static TMessage FindPublishedMessage<TMessage>(this TestableMessageSession context) => First<TMessage>(context.PublishedMessages);

    /// <summary>The first event of the type that was published; null when there is none.</summary>
    public static TMessage FindPublishedMessage<TMessage>(this TestablePipelineContext context) => First<TMessage>(context.PublishedMessages);

    /// <summary>The first answer of the type; null when there is none.</summary>
    public static TMessage FindReplyMessage<TMessage>(this TestableMessageProcessingContext context) => First<TMessage>(context.RepliedMessages);

    /// <summary>The first message of the type that was sent; null when there is none.</summary>
    public static TMessage FindSentMessage<TMessage>(this TestableMessageSession context) => First<TMessage>(context.SentMessages);

    /// <summary>The first message of the type that was sent; null when there is none.</summary>
    public static TMessage FindSentMessage<TMessage>(this TestablePipelineContext context) => First<TMessage>(context.SentMessages);

    /// <summary>The first timeout of the type that was asked for; null when there is none.</summary>
    public static TMessage FindTimeoutMessage<TMessage>(this TestableMessageSession context) => First<TMessage>(context.TimeoutMessages);

    /// <summary>The first timeout of the type that was asked for; null when there is none.</summary>
    public static TMessage FindTimeoutMessage<TMessage>(this TestablePipelineContext context) => First<TMessage>(context.TimeoutMessages);

    // Null is the documented answer; a nullable result would make every test write an exclamation mark that the original does not need.
    private static TMessage First<TMessage>(IEnumerable<OutgoingMessage<object, SendOptions>> sent) =>
        sent.Select(message => message.Message).OfType<TMessage>().FirstOrDefault()!;

    private static TMessage First<TMessage>(IEnumerable<OutgoingMessage<object, PublishOptions>> sent) =>
        sent.Select(message => message.Message).OfType<TMessage>().FirstOrDefault()!;

    private static TMessage First<TMessage>(IEnumerable<OutgoingMessage<object, ReplyOptions>> sent) =>
        sent.Select(message => message.Message).OfType<TMessage>().FirstOrDefault()!;
}
