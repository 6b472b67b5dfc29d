using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Persistence;

namespace Bank.ServiceBus;

/// <summary>Something that may be told to stop.</summary>
public interface ICancellableContext
{
    /// <summary>Cancelled when the endpoint stops and no longer waits for handlers.</summary>
    CancellationToken CancellationToken { get; }
}

/// <summary>Sends and publishes while a message is handled: what is sent goes out after the handlers have succeeded.</summary>
public interface IPipelineContext : IExtendable, ICancellableContext
{
    /// <summary>Sends a command or message.</summary>
    Task Send(object message, SendOptions options);

    /// <summary>Makes a message, fills it and sends it. For types that are interfaces.</summary>
    /// <exception cref="InvalidOperationException">Nothing can be made of the type; the message says why.</exception>
    Task Send<T>(Action<T> messageConstructor, SendOptions options);

    /// <summary>Publishes an event.</summary>
    Task Publish(object message, PublishOptions options);

    /// <summary>Makes an event, fills it and publishes it. For types that are interfaces.</summary>
    /// <exception cref="InvalidOperationException">Nothing can be made of the type; the message says why.</exception>
    Task Publish<T>(Action<T> messageConstructor, PublishOptions publishOptions);
}

/// <summary>A message being handled.</summary>
public interface IMessageProcessingContext : IPipelineContext
{
    /// <summary>The id of the message.</summary>
    string MessageId { get; }

    /// <summary>Where replies to the message go; empty when it did not say.</summary>
    string ReplyToAddress { get; }

    /// <summary>The headers of the message.</summary>
    IReadOnlyDictionary<string, string> MessageHeaders { get; }

    /// <summary>Answers the sender of the message.</summary>
    Task Reply(object message, ReplyOptions options);

    /// <summary>Makes an answer, fills it and sends it. For types that are interfaces.</summary>
    /// <exception cref="InvalidOperationException">Nothing can be made of the type; the message says why.</exception>
    Task Reply<T>(Action<T> messageConstructor, ReplyOptions options);

    /// <summary>Sends a copy of the message, body and headers unchanged, to another endpoint.</summary>
    Task ForwardCurrentMessageTo(string destination);
}

/// <summary>A message being handled by a handler.</summary>
public interface IMessageHandlerContext : IMessageProcessingContext
{
    /// <summary>The storage transaction that all handlers and sagas of the message share.</summary>
    ISynchronizedStorageSession SynchronizedStorageSession { get; }

    /// <summary>No further handler sees the message.</summary>
    void DoNotContinueDispatchingCurrentMessageToHandlers();
}

/// <summary>The usual calls, without options.</summary>
public static class PipelineContextExtensions
{
    /// <summary>Sends a command to the endpoint that routing names for its type.</summary>
    public static Task Send(this IPipelineContext context, object message) => context.Send(message, new SendOptions());

    /// <summary>Sends a message to an endpoint.</summary>
    public static Task Send(this IPipelineContext context, string destination, object message)
    {
        var options = new SendOptions();
        options.SetDestination(destination);
        return context.Send(message, options);
    }

    /// <summary>Sends a message to this endpoint.</summary>
    public static Task SendLocal(this IPipelineContext context, object message)
    {
        var options = new SendOptions();
        options.RouteToThisEndpoint();
        return context.Send(message, options);
    }

    /// <summary>Publishes an event.</summary>
    public static Task Publish(this IPipelineContext context, object message) => context.Publish(message, new PublishOptions());
}

/// <summary>The usual calls, without options.</summary>
public static class MessageProcessingContextExtensions
{
    /// <summary>Answers the sender of the message.</summary>
    public static Task Reply(this IMessageProcessingContext context, object message) => context.Reply(message, new ReplyOptions());
}
