using Bank.ServiceBus.Diagnostics;
using Bank.ServiceBus.Handlers;
using Bank.ServiceBus.Persistence;
using Bank.ServiceBus.Serialization;
using Bank.ServiceBus.Unicast.Messages;

namespace Bank.ServiceBus.Pipeline;

/// <summary>The incoming pipeline: from a received body to its handlers.</summary>
internal sealed class MessageHandling
{
    private readonly MessageRegistry messages;
    private readonly HandlerRegistry handlers;
    private readonly IMessageSerializer serializer;
    private readonly PipelineMeter meter;
    private readonly LogScopes scopes;
    private readonly TimeProvider clock;
    private readonly Func<IIncomingPhysicalMessageContext, Task> physicalStage;
    private readonly Func<IIncomingLogicalMessageContext, Task> logicalStage;
    private readonly Func<IInvokeHandlerContext, Task> handlerStage;

    public MessageHandling(
        MessageRegistry messages, HandlerRegistry handlers, IMessageSerializer serializer, PipelineMeter meter, LogScopes scopes, TimeProvider clock,
        IEnumerable<IBehavior> physicalSteps, IEnumerable<IBehavior> logicalSteps, IEnumerable<IBehavior> handlerSteps)
    {
        this.messages = messages;
        this.handlers = handlers;
        this.serializer = serializer;
        this.meter = meter;
        this.scopes = scopes;
        this.clock = clock;
        physicalStage = BehaviorChain.Compose<IIncomingPhysicalMessageContext>(physicalSteps, DeserializeAndPassOn);
        logicalStage = BehaviorChain.Compose<IIncomingLogicalMessageContext>(logicalSteps, InvokeHandlers);
        handlerStage = BehaviorChain.Compose<IInvokeHandlerContext>(handlerSteps, InvokeHandler);
    }

    public Task Handle(IncomingPhysicalMessageContext context) => physicalStage(context);

    private async Task DeserializeAndPassOn(IIncomingPhysicalMessageContext context)
    {
        var physical = (IncomingPhysicalMessageContext)context;
        if (IsControlMessage(physical)) return;
        foreach (var metadata in TypesOf(physical))
        {
            var message = new LogicalMessage(metadata, Deserialize(physical, metadata));
            context.Message.Logical = message;
            // Whoever reads the copy in the audit queue learns what it was read as.
            context.Message.Headers[Headers.ContentType] = serializer.ContentType;
            await logicalStage(new IncomingLogicalMessageContext(physical, message, messages));
        }
    }

    private static bool IsControlMessage(IncomingPhysicalMessageContext context) =>
        context.Message.Body.Length == 0
        || (context.Message.Headers.TryGetValue(HeaderNames.ControlMessage, out var text) && text.Equals(bool.TrueString, StringComparison.OrdinalIgnoreCase));

    private MessageMetadata[] TypesOf(IncomingPhysicalMessageContext context)
    {
        if (!context.Message.Headers.TryGetValue(Headers.EnclosedMessageTypes, out var header) || header.Length == 0)
            throw new MessageDeserializationException(context.MessageId, $"it has no header {Headers.EnclosedMessageTypes}.", null);
        var types = messages.Resolve(header);
        return types.Length > 0
            ? types
            : throw new MessageDeserializationException(context.MessageId, $"{Headers.EnclosedMessageTypes}: '{Cut(header)}' names no message known here.", null);
    }

    private static string Cut(string header) => header.Length > 1000 ? header[..1000] + "..." : header;

    private object Deserialize(IncomingPhysicalMessageContext context, MessageMetadata metadata)
    {
        try
        {
            return serializer.Deserialize(context.Message.Body, metadata.MessageType);
        }
        catch (Exception exception)
        {
            throw new MessageDeserializationException(context.MessageId, $"its body is not a {metadata.MessageType.FullName}: {exception.Message}", exception);
        }
    }

    private async Task InvokeHandlers(IIncomingLogicalMessageContext context)
    {
        var logical = (IncomingLogicalMessageContext)context;
        var timeout = logical.Headers.TryGetValue(Headers.IsSagaTimeoutMessage, out var text) && text.Equals(bool.TrueString, StringComparison.OrdinalIgnoreCase);
        var found = handlers.For(logical.Message.MessageType, timeout);
        if (found.Length == 0 && !logical.MessageHandled)
            throw new InvalidOperationException($"No handler is registered for {logical.Message.MessageType.FullName}.");

        if (meter.WantsHandlers) logical.Scope.Incoming!.HandlerTypes = string.Join(';', found.Select(entry => entry.HandlerType.FullName));
        var session = logical.Extensions.Get<ISynchronizedStorageSession>();
        var loop = new HandlerLoop();
        foreach (var entry in found)
        {
            var handler = entry.For(logical.Builder);
            var handlerContext = new InvokeHandlerContext(logical, handler, session, loop);
            handlerContext.Extensions.Set<IInvokeHandlerContext>(handlerContext);
            try
            {
                await handlerStage(handlerContext);
            }
            finally
            {
                await handler.Release();
            }

            if (loop.Aborted) break;
        }

        logical.MessageHandled = true;
    }

    private async Task InvokeHandler(IInvokeHandlerContext context)
    {
        var sagaId = context.Extensions.TryGet<Sagas.ActiveSaga>(out var saga) ? saga.Id : (Guid?)null;
        using var activity = BusActivities.StartHandler(context.MessageHandler.HandlerType, sagaId);
        using var scope = scopes.OfHandler(context.MessageHandler.HandlerType, sagaId);
        var (started, startedAt) = (meter.Now(), clock.GetUtcNow());
        try
        {
            await context.MessageHandler.Invoke(context.MessageBeingHandled, context);
            meter.Handled(context, started, null);
        }
        catch (Exception exception)
        {
            exception.Data["Message type"] = context.MessageMetadata.MessageType.FullName;
            exception.Data["Handler type"] = context.MessageHandler.HandlerType.FullName;
            exception.Data["Handler start time"] = DateTimeOffsetHelper.ToWireFormattedString(startedAt);
            exception.Data["Handler failure time"] = DateTimeOffsetHelper.ToWireFormattedString(clock.GetUtcNow());
            exception.Data["Handler canceled"] = context.CancellationToken.IsCancellationRequested;
            BusActivities.Fail(activity, exception, context.CancellationToken.IsCancellationRequested);
            meter.Handled(context, started, exception);
            throw;
        }
    }
}
