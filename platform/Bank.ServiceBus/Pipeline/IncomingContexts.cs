using Bank.ServiceBus.Transport;
using Bank.ServiceBus.Unicast.Messages;

namespace Bank.ServiceBus.Pipeline;

/// <summary>A message on its way in.</summary>
public interface IIncomingContext : IMessageProcessingContext, IBehaviorContext;

/// <summary>A received message before it is deserialized.</summary>
public interface IIncomingPhysicalMessageContext : IIncomingContext
{
    /// <summary>The message.</summary>
    IncomingMessage Message { get; }

    /// <summary>Replaces the body.</summary>
    void UpdateMessage(ReadOnlyMemory<byte> body);
}

/// <summary>A deserialized message before its handlers.</summary>
public interface IIncomingLogicalMessageContext : IIncomingContext
{
    /// <summary>The message.</summary>
    LogicalMessage Message { get; }

    /// <summary>The headers.</summary>
    Dictionary<string, string> Headers { get; }

    /// <summary>Whether somebody has handled it; set it to accept a message without a handler.</summary>
    bool MessageHandled { get; set; }

    /// <summary>Replaces the message.</summary>
    void UpdateMessageInstance(object newInstance);
}

/// <summary>A message and one of its handlers.</summary>
public interface IInvokeHandlerContext : IIncomingContext, IMessageHandlerContext
{
    /// <summary>The handler.</summary>
    MessageHandler MessageHandler { get; }

    /// <summary>The headers.</summary>
    Dictionary<string, string> Headers { get; }

    /// <summary>The message.</summary>
    object MessageBeingHandled { get; }

    /// <summary>What is known about the type of the message.</summary>
    MessageMetadata MessageMetadata { get; }

    /// <summary>Whether a handler has asked that no further one sees the message.</summary>
    bool HandlerInvocationAborted { get; }
}

/// <summary>A deserialized message.</summary>
public sealed class LogicalMessage
{
    internal LogicalMessage(MessageMetadata metadata, object instance)
    {
        Metadata = metadata;
        Instance = instance;
    }

    /// <summary>The message.</summary>
    public object Instance { get; internal set; }

    /// <summary>Its type.</summary>
    public Type MessageType => Metadata.MessageType;

    /// <summary>What is known about its type.</summary>
    public MessageMetadata Metadata { get; internal set; }
}

/// <summary>One handler of one message.</summary>
public sealed class MessageHandler
{
    private readonly Func<object, object, IMessageHandlerContext, Task> invoke;

    internal MessageHandler(Type handlerType, object instance, bool isTimeoutHandler, Func<object, object, IMessageHandlerContext, Task> invoke)
    {
        HandlerType = handlerType;
        Instance = instance;
        IsTimeoutHandler = isTimeoutHandler;
        this.invoke = invoke;
    }

    /// <summary>The class.</summary>
    public Type HandlerType { get; }

    /// <summary>The instance that handles this message.</summary>
    public object Instance { get; }

    internal bool IsTimeoutHandler { get; }

    /// <summary>Whether the instance was made for this message alone, outside of the container that would dispose it.</summary>
    internal bool IsOwned { get; init; }

    /// <summary>Calls the handler.</summary>
    public Task Invoke(object message, IMessageHandlerContext handlerContext) => invoke(Instance, message, handlerContext);

    internal ValueTask Release()
    {
        if (!IsOwned) return ValueTask.CompletedTask;
        if (Instance is IAsyncDisposable disposable) return disposable.DisposeAsync();
        (Instance as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }
}
