using Bank.ServiceBus.Pipeline;

namespace Bank.ServiceBus.Sagas;

/// <summary>Says in outgoing messages which saga instance sent them, and in replies which one they are for.</summary>
internal sealed class SagaHeaders : Behavior<IOutgoingLogicalMessageContext>
{
    public override Task Invoke(IOutgoingLogicalMessageContext context, Func<Task> next)
    {
        if (context.Extensions.TryGet<ActiveSaga>(out var saga))
        {
            context.Headers[Headers.OriginatingSagaId] = saga.Id.ToString();
            context.Headers[Headers.OriginatingSagaType] = saga.SagaType.AssemblyQualifiedName!;
        }

        if (context is OutgoingLogicalMessageContext { Options: ReplyOptions { ToOriginator: false }, Scope.Incoming.Headers: var incoming })
            LeadBackToAsker(incoming, context.Headers);
        return next();
    }

    private static void LeadBackToAsker(Dictionary<string, string> incoming, Dictionary<string, string> reply)
    {
        if (incoming.TryGetValue(Headers.OriginatingSagaId, out var id)) reply[Headers.SagaId] = id;
        if (incoming.TryGetValue(Headers.OriginatingSagaType, out var type)) reply[Headers.SagaType] = type;
    }
}

/// <summary>The saga instance that handles the message.</summary>
/// <param name="Id">The instance.</param>
/// <param name="SagaType">Its class.</param>
/// <param name="IsNew">Whether the message started it.</param>
/// <param name="FoundAt">When it was found or started.</param>
internal sealed record ActiveSaga(Guid Id, Type SagaType, bool IsNew, DateTimeOffset FoundAt)
{
    /// <summary>When what the handler made of it was handed to the storage; null until then.</summary>
    public DateTimeOffset? StoredAt { get; set; }
}
