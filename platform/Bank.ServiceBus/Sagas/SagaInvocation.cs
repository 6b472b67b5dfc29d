using System.Collections.Frozen;
using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Persistence;
using Bank.ServiceBus.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bank.ServiceBus.Sagas;

/// <summary>Finds or starts the instance that a message is for, and stores what the handler made of it.</summary>
internal sealed class SagaInvocation : Behavior<IInvokeHandlerContext>
{
    private readonly FrozenDictionary<Type, (SagaMetadata Metadata, SagaStorage Storage)> sagas;
    private readonly TimeProvider clock;
    private readonly ILogger logger;

    public SagaInvocation(IEnumerable<SagaMetadata> sagas, ISagaPersister persister, TimeProvider clock, ILogger logger)
    {
        this.sagas = sagas.ToFrozenDictionary(saga => saga.SagaType, saga => (saga, SagaStorage.For(saga, persister)));
        this.clock = clock;
        this.logger = logger;
    }

    public override Task Invoke(IInvokeHandlerContext context, Func<Task> next) =>
        sagas.TryGetValue(context.MessageHandler.HandlerType, out var saga)
            ? Invoke(context, saga.Metadata, saga.Storage, next)
            : next();

    private async Task Invoke(IInvokeHandlerContext context, SagaMetadata metadata, SagaStorage storage, Func<Task> next)
    {
        RemoveSagaOfPublisher(context.Headers);
        if (IsForAnotherSaga(context.Headers, metadata)) return;

        var finder = FinderFor(context, metadata);
        // A message with the id of a foreign saga may still start an instance here, which then needs its correlation value.
        var mayStart = MayStart(context, metadata);
        if (finder is null && !mayStart && !HasSagaId(context.Headers))
        {
            // A reply that lost its way, such as from a program that does not copy the headers of what it answers.
            logger.LogWarning(
                "Message {MessageId} of type {MessageType} names no instance of {Saga}, and nothing maps it to one.",
                context.MessageId, context.MessageMetadata.MessageType.FullName, metadata.Name);
            await NotFound(context, metadata);
            return;
        }

        var value = HasSagaId(context.Headers) && !mayStart ? null : ReadValue(context, metadata, finder);
        var found = await Find(context, metadata, storage, value);
        if (found is null && !mayStart)
        {
            await NotFound(context, metadata);
            return;
        }

        var data = found ?? Start(context, metadata, storage, value);
        var instance = (Saga)context.MessageHandler.Instance;
        instance.Entity = data;
        var (id, correlation) = (data.Id, metadata.CorrelationProperty?.GetValue(data));
        var active = new ActiveSaga(data.Id, metadata.SagaType, IsNew: found is null, clock.GetUtcNow());
        context.Extensions.Set(active);
        await next();
        Check(metadata, data, id, correlation, isNew: found is null);
        await Store(context, metadata, storage, instance, isNew: found is null);
        active.StoredAt = clock.GetUtcNow();
    }

    // An event's saga headers name the instance that published it, not one that should handle it.
    private static void RemoveSagaOfPublisher(Dictionary<string, string> headers)
    {
        if (headers.GetValueOrDefault(Headers.MessageIntent) != nameof(MessageIntent.Publish)) return;
        headers.Remove(Headers.SagaId);
        headers.Remove(Headers.SagaType);
    }

    private static bool HasSagaId(Dictionary<string, string> headers) => headers.TryGetValue(Headers.SagaId, out var id) && id.Length > 0;

    private bool IsForAnotherSaga(Dictionary<string, string> headers, SagaMetadata metadata)
    {
        if (!HasSagaId(headers) || !headers.TryGetValue(Headers.SagaType, out var name) || name.Length == 0) return false;
        var type = name.Split(',')[0];
        return type != metadata.Name && sagas.Keys.Any(saga => saga.FullName == type);
    }

    private static SagaFinder? FinderFor(IInvokeHandlerContext context, SagaMetadata metadata)
    {
        for (var type = context.MessageMetadata.MessageType; type is not null; type = type.BaseType)
        {
            if (metadata.Finders.TryGetValue(type, out var finder)) return finder;
        }

        return metadata.Finders.Values.FirstOrDefault(finder => finder.MessageType.IsAssignableFrom(context.MessageMetadata.MessageType));
    }

    private static object ReadValue(IInvokeHandlerContext context, SagaMetadata metadata, SagaFinder? finder)
    {
        if (finder is null)
            throw new InvalidOperationException($"{metadata.Name}: nothing says how {context.MessageMetadata.MessageType.FullName} finds its instance.");
        return finder.ReadValue(context.MessageBeingHandled, context.Headers)
            ?? throw new InvalidOperationException($"{metadata.Name}: {context.MessageMetadata.MessageType.FullName} holds no value to find its instance by.");
    }

    private static async Task<IContainSagaData?> Find(
        IInvokeHandlerContext context, SagaMetadata metadata, SagaStorage storage, object? value)
    {
        if (HasSagaId(context.Headers))
            return await storage.Get(Guid.Parse(context.Headers[Headers.SagaId]), context.SynchronizedStorageSession, context.Extensions, context.CancellationToken);
        return metadata.CorrelationProperty is null
            ? await storage.Get((Guid)value!, context.SynchronizedStorageSession, context.Extensions, context.CancellationToken)
            : await storage.Get(metadata.CorrelationProperty.Name, value!, context.SynchronizedStorageSession, context.Extensions, context.CancellationToken);
    }

    private static bool MayStart(IInvokeHandlerContext context, SagaMetadata metadata)
    {
        if (context.MessageHandler.IsTimeoutHandler) return false;
        var forThisSaga = HasSagaId(context.Headers)
            && context.Headers.GetValueOrDefault(Headers.SagaType)?.StartsWith(metadata.Name, StringComparison.Ordinal) == true;
        return !forThisSaga
            && metadata.AssociatedMessages.Any(message => message.IsAllowedToStart && message.MessageType.IsInstanceOfType(context.MessageBeingHandled));
    }

    private async Task NotFound(IInvokeHandlerContext context, SagaMetadata metadata)
    {
        if (context.MessageHandler.IsTimeoutHandler || metadata.NotFoundHandlerType is null)
        {
            logger.LogInformation(
                "No instance of {Saga} was found for message {MessageId} of type {MessageType}.",
                metadata.Name, context.MessageId, context.MessageMetadata.MessageType.FullName);
            return;
        }

        var handler = (ISagaNotFoundHandler)(context.Builder.GetService(metadata.NotFoundHandlerType)
            ?? ActivatorUtilities.CreateInstance(context.Builder, metadata.NotFoundHandlerType));
        await handler.Handle(context.MessageBeingHandled, context);
    }

    private IContainSagaData Start(IInvokeHandlerContext context, SagaMetadata metadata, SagaStorage storage, object? value)
    {
        var data = storage.Create();
        data.Id = CombGuid.New(clock);
        data.OriginalMessageId = context.MessageId;
        data.Originator = string.IsNullOrEmpty(context.ReplyToAddress) ? null : context.ReplyToAddress;
        metadata.CorrelationProperty?.SetValue(data, value);
        return data;
    }

    private static void Check(SagaMetadata metadata, IContainSagaData data, Guid id, object? correlation, bool isNew)
    {
        if (data.Id != id) throw new InvalidOperationException($"{metadata.Name}: a handler changed Id, which tells the instance.");
        if (metadata.CorrelationProperty is not { } property) return;
        var now = property.GetValue(data);
        if (!Equals(now, correlation)) throw new InvalidOperationException($"{metadata.Name}: a handler changed {property.Name}, which correlates messages.");
        if (isNew && now is null) throw new InvalidOperationException($"{metadata.Name}: {property.Name} of a new instance has no value.");
    }

    private static async Task Store(IInvokeHandlerContext context, SagaMetadata metadata, SagaStorage storage, Saga saga, bool isNew)
    {
        var (session, bag, token) = (context.SynchronizedStorageSession, context.Extensions, context.CancellationToken);
        if (saga.Completed)
        {
            if (!isNew) await storage.Persister.Complete(saga.Entity, session, bag, token);
        }
        else if (isNew)
        {
            var correlation = metadata.CorrelationProperty is { } property ? new SagaCorrelationProperty(property.Name, property.GetValue(saga.Entity)!) : null;
            await storage.Persister.Save(saga.Entity, correlation, session, bag, token);
        }
        else
        {
            await storage.Persister.Update(saga.Entity, session, bag, token);
        }
    }
}
