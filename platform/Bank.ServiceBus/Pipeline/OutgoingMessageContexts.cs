using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Routing;

namespace Bank.ServiceBus.Pipeline;

/// <summary>Shared by both stages of an outgoing message.</summary>
internal abstract class OutgoingContext(MessageOperations operations, OperationScope scope, string messageId, Dictionary<string, string> headers, ContextBag extensions)
    : IOutgoingContext
{
    public string MessageId { get; } = messageId;

    public Dictionary<string, string> Headers { get; } = headers;

    public ContextBag Extensions { get; } = extensions;

    public CancellationToken CancellationToken => Scope.CancellationToken;

    public IServiceProvider Builder => Scope.Services;

    internal OperationScope Scope { get; } = scope;

    protected MessageOperations Operations => operations;

    public Task Send(object message, SendOptions options) => operations.Send(Scope, message, options);

    public Task Publish(object message, PublishOptions options) => operations.Publish(Scope, message, options);

    public Task Send<T>(Action<T> messageConstructor, SendOptions options) => Send(operations.Create(messageConstructor), options);

    public Task Publish<T>(Action<T> messageConstructor, PublishOptions publishOptions) => Publish(operations.Create(messageConstructor), publishOptions);
}

/// <summary>An outgoing message before it is serialized.</summary>
internal sealed class OutgoingLogicalMessageContext(
    MessageOperations operations, OperationScope scope, string messageId, Dictionary<string, string> headers, ContextBag extensions,
    OutgoingLogicalMessage message, IReadOnlyCollection<RoutingStrategy> strategies, ExtendableOptions options)
    : OutgoingContext(operations, scope, messageId, headers, extensions), IOutgoingLogicalMessageContext
{
    public OutgoingLogicalMessage Message { get; private set; } = message;

    public IReadOnlyCollection<RoutingStrategy> RoutingStrategies { get; } = strategies;

    internal ExtendableOptions Options { get; } = options;

    internal Transport.DispatchProperties Delivery { get; set; } = options.Delivery;

    public void UpdateMessage(object newInstance) => Message = Operations.Outgoing(newInstance);
}

/// <summary>An outgoing message, serialized.</summary>
internal sealed class OutgoingPhysicalMessageContext(
    MessageOperations operations, OutgoingLogicalMessageContext logical, ReadOnlyMemory<byte> body)
    : OutgoingContext(operations, logical.Scope, logical.MessageId, logical.Headers, logical.Extensions), IOutgoingPhysicalMessageContext
{
    public ReadOnlyMemory<byte> Body { get; private set; } = body;

    internal OutgoingLogicalMessage Message { get; } = logical.Message;

    public IReadOnlyCollection<RoutingStrategy> RoutingStrategies { get; } = logical.RoutingStrategies;

    internal ExtendableOptions Options { get; } = logical.Options;

    internal Transport.DispatchProperties Delivery { get; } = logical.Delivery;

    public void UpdateMessage(ReadOnlyMemory<byte> body) => Body = body;
}
