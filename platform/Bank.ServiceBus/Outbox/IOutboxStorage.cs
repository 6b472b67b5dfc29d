using Bank.ServiceBus.Extensibility;

namespace Bank.ServiceBus.Outbox;

/// <summary>Remembers, for each handled message, that it was handled and what it sent.</summary>
public interface IOutboxStorage
{
    /// <summary>Looks up a message.</summary>
    /// <returns>Null when it was not handled yet.</returns>
    Task<OutboxMessage?> Get(string messageId, ContextBag context, CancellationToken cancellationToken = default);

    /// <summary>Opens the transaction that handlers, sagas and the record share.</summary>
    Task<IOutboxTransaction> BeginTransaction(ContextBag context, CancellationToken cancellationToken = default);

    /// <summary>Writes the record; fails when the message was handled meanwhile.</summary>
    Task Store(OutboxMessage message, IOutboxTransaction transaction, ContextBag context, CancellationToken cancellationToken = default);

    /// <summary>Notes that everything was sent and forgets the operations.</summary>
    Task SetAsDispatched(string messageId, ContextBag context, CancellationToken cancellationToken = default);
}

/// <summary>The transaction that handlers, sagas and the outbox record share. Disposed without commit, it rolls back.</summary>
public interface IOutboxTransaction : IAsyncDisposable
{
    /// <summary>Makes everything durable.</summary>
    Task Commit(CancellationToken cancellationToken = default);
}

/// <summary>The record of one handled message.</summary>
/// <param name="MessageId">Id of the handled message.</param>
/// <param name="TransportOperations">What is still to be sent; empty once everything was.</param>
public sealed record OutboxMessage(string MessageId, IReadOnlyList<OutboxOperation> TransportOperations);

/// <summary>One stored outgoing message.</summary>
/// <param name="MessageId">Its id.</param>
/// <param name="Options">Where and when, as text: <c>Destination</c> or <c>EventType</c>, and <c>DelayDeliveryFor</c>, <c>DeliverAt</c>, <c>TimeToBeReceived</c>.</param>
/// <param name="Body">Its body.</param>
/// <param name="Headers">Its headers, complete.</param>
public sealed record OutboxOperation(
    string MessageId, IReadOnlyDictionary<string, string> Options, ReadOnlyMemory<byte> Body, IReadOnlyDictionary<string, string> Headers);
