using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Persistence;
using Bank.ServiceBus.Transport;
using Bank.ServiceBus.Unicast.Messages;

namespace Bank.ServiceBus.Pipeline;

/// <summary>Shared by all stages of an incoming message.</summary>
internal abstract class IncomingContext(MessageOperations operations, OperationScope scope, ContextBag extensions) : IIncomingContext
{
    private readonly OperationScope scope = scope with { Extensions = extensions };

    public ContextBag Extensions { get; } = extensions;

    public CancellationToken CancellationToken => scope.CancellationToken;

    public IServiceProvider Builder => scope.Services;

    public string MessageId => scope.Incoming!.MessageId;

    public string ReplyToAddress => scope.Incoming!.Headers.GetValueOrDefault(ServiceBus.Headers.ReplyToAddress) ?? "";

    public IReadOnlyDictionary<string, string> MessageHeaders => scope.Incoming!.Headers;

    internal OperationScope Scope => scope;

    internal MessageOperations Operations => operations;

    public Task Send(object message, SendOptions options) => operations.Send(scope, message, options);

    public Task Publish(object message, PublishOptions options) => operations.Publish(scope, message, options);

    public Task Reply(object message, ReplyOptions options) => operations.Reply(scope, message, options);

    public Task Send<T>(Action<T> messageConstructor, SendOptions options) => Send(operations.Create(messageConstructor), options);

    public Task Publish<T>(Action<T> messageConstructor, PublishOptions publishOptions) => Publish(operations.Create(messageConstructor), publishOptions);

    public Task Reply<T>(Action<T> messageConstructor, ReplyOptions options) => Reply(operations.Create(messageConstructor), options);

    public Task ForwardCurrentMessageTo(string destination) => operations.Forward(scope, destination);
}

/// <summary>A received message before it is deserialized.</summary>
internal sealed class IncomingPhysicalMessageContext(MessageOperations operations, OperationScope scope, ContextBag extensions)
    : IncomingContext(operations, scope, extensions), IIncomingPhysicalMessageContext
{
    public IncomingMessage Message => Scope.Incoming!;

    public void UpdateMessage(ReadOnlyMemory<byte> body) => Message.Body = body;
}

/// <summary>A deserialized message before its handlers.</summary>
internal sealed class IncomingLogicalMessageContext(IncomingPhysicalMessageContext physical, LogicalMessage message, MessageRegistry messages)
    : IncomingContext(physical.Operations, physical.Scope, new ContextBag(physical.Extensions)), IIncomingLogicalMessageContext
{
    public LogicalMessage Message { get; } = message;

    public Dictionary<string, string> Headers => Scope.Incoming!.Headers;

    public bool MessageHandled { get; set; }

    public void UpdateMessageInstance(object newInstance)
    {
        ArgumentNullException.ThrowIfNull(newInstance);
        Message.Instance = newInstance;
        Message.Metadata = messages.Get(Operations.Outgoing(newInstance).MessageType);
    }
}

/// <summary>A message and one of its handlers.</summary>
internal sealed class InvokeHandlerContext(IncomingLogicalMessageContext logical, MessageHandler handler, ISynchronizedStorageSession session, HandlerLoop loop)
    : IncomingContext(logical.Operations, logical.Scope, new ContextBag(logical.Extensions)), IInvokeHandlerContext
{
    public MessageHandler MessageHandler { get; } = handler;

    public Dictionary<string, string> Headers => logical.Headers;

    public object MessageBeingHandled => logical.Message.Instance;

    public MessageMetadata MessageMetadata => logical.Message.Metadata;

    public bool HandlerInvocationAborted => loop.Aborted;

    public ISynchronizedStorageSession SynchronizedStorageSession { get; } = session;

    public void DoNotContinueDispatchingCurrentMessageToHandlers() => loop.Aborted = true;
}

/// <summary>Shared by the handlers of one message.</summary>
internal sealed class HandlerLoop
{
    public bool Aborted { get; set; }
}
