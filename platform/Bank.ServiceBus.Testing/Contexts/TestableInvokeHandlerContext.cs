using Bank.ServiceBus.Persistence;
using Bank.ServiceBus.Pipeline;
using Bank.ServiceBus.Unicast.Messages;

namespace Bank.ServiceBus.Testing;

/// <summary>A context of one handler of a message.</summary>
public class TestableInvokeHandlerContext : TestableIncomingContext, IInvokeHandlerContext
{
    /// <summary>Makes a context whose <see cref="Headers"/> and <see cref="TestableMessageProcessingContext.MessageHeaders"/> are one dictionary.</summary>
    /// <param name="messageCreator">Makes the messages that the handler only describes. Default: one that makes classes and interfaces.</param>
    public TestableInvokeHandlerContext(IMessageCreator? messageCreator = null)
        : base(messageCreator) => MessageHeaders = Headers;

    /// <summary>Whether the handler asked that no further one sees the message.</summary>
    public bool DoNotContinueDispatchingCurrentMessageToHandlersWasCalled { get; set; }

    /// <inheritdoc />
    public bool HandlerInvocationAborted => DoNotContinueDispatchingCurrentMessageToHandlersWasCalled;

    /// <summary>The headers of the message.</summary>
    public Dictionary<string, string> Headers { get; set; } = new(StringComparer.Ordinal);

    /// <summary>The message.</summary>
    public object MessageBeingHandled { get; set; } = new();

    /// <summary>The handler. Default: one that does nothing.</summary>
    public MessageHandler MessageHandler
    {
        get => field ??= new MessageHandler(typeof(object), new object(), isTimeoutHandler: false, (_, _, _) => Task.CompletedTask);
        set;
    }

    /// <summary>What is known about the type of the message. Default: that of <see cref="MessageBeingHandled"/>.</summary>
    public MessageMetadata MessageMetadata
    {
        get => field ?? new MessageMetadata(MessageBeingHandled.GetType(), [MessageBeingHandled.GetType()]);
        set;
    }

    /// <summary>The storage transaction of the message. Default: one that stores nothing.</summary>
    public ISynchronizedStorageSession SynchronizedStorageSession { get; set; } = new NoStorageSession();

    /// <inheritdoc />
    public virtual void DoNotContinueDispatchingCurrentMessageToHandlers() => DoNotContinueDispatchingCurrentMessageToHandlersWasCalled = true;
}
