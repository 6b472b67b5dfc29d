using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Persistence;

namespace Bank.ServiceBus.Sagas;

/// <summary>Stores saga data within the storage session of the message being handled.</summary>
public interface ISagaPersister
{
    /// <summary>Finds an instance by id, locked for the length of the session where the storage can.</summary>
    /// <returns>Null when there is none.</returns>
    Task<TSagaData?> Get<TSagaData>(Guid sagaId, ISynchronizedStorageSession session, ContextBag context, CancellationToken cancellationToken = default)
        where TSagaData : class, IContainSagaData;

    /// <summary>Finds an instance by its correlation property, locked for the length of the session where the storage can.</summary>
    /// <returns>Null when there is none.</returns>
    Task<TSagaData?> Get<TSagaData>(string propertyName, object propertyValue, ISynchronizedStorageSession session, ContextBag context, CancellationToken cancellationToken = default)
        where TSagaData : class, IContainSagaData;

    /// <summary>Stores a new instance; fails when one with the same correlation value exists.</summary>
    /// <param name="sagaData">The data.</param>
    /// <param name="correlationProperty">The correlation property and its value; null when the saga has none.</param>
    /// <param name="session">The storage session.</param>
    /// <param name="context">Values of the message being handled.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task Save(IContainSagaData sagaData, SagaCorrelationProperty? correlationProperty, ISynchronizedStorageSession session, ContextBag context, CancellationToken cancellationToken = default);

    /// <summary>Stores an instance found in this session; fails when another message changed it meanwhile.</summary>
    Task Update(IContainSagaData sagaData, ISynchronizedStorageSession session, ContextBag context, CancellationToken cancellationToken = default);

    /// <summary>Removes an instance found in this session; fails when another message changed it meanwhile.</summary>
    Task Complete(IContainSagaData sagaData, ISynchronizedStorageSession session, ContextBag context, CancellationToken cancellationToken = default);
}

/// <summary>The property by which messages find their saga instance, and its value.</summary>
/// <param name="Name">The property's name.</param>
/// <param name="Value">Its value; a string, a Guid or an integer.</param>
public sealed record SagaCorrelationProperty(string Name, object Value);
