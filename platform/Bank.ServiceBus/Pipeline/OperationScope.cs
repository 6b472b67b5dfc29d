using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Pipeline;

/// <summary>Where an outgoing operation comes from: a message being handled, or a session outside of any.</summary>
/// <param name="Services">Services of the message's scope, or of the host.</param>
/// <param name="Extensions">The bag that the operation's own bag inherits from; null outside of message handling.</param>
/// <param name="Incoming">The message being handled; null outside of message handling.</param>
/// <param name="Pending">Collects until the handlers have succeeded; null to dispatch at once.</param>
/// <param name="Transaction">The transport's transaction.</param>
/// <param name="CancellationToken">Gives up.</param>
internal sealed record OperationScope(
    IServiceProvider Services,
    ContextBag? Extensions,
    IncomingMessage? Incoming,
    PendingOperations? Pending,
    TransportTransaction Transaction,
    CancellationToken CancellationToken);
