using Bank.ServiceBus.Outbox;
using Bank.ServiceBus.Sagas;

namespace Bank.ServiceBus.Persistence;

/// <summary>A ready storage.</summary>
public abstract class PersistenceInfrastructure
{
    /// <summary>Stores sagas.</summary>
    public required ISagaPersister SagaPersister { get; init; }

    /// <summary>Stores outgoing operations; null when the outbox is off.</summary>
    public required IOutboxStorage? OutboxStorage { get; init; }

    /// <summary>Exceptions after which a retry is pointless.</summary>
    public IReadOnlyCollection<Type> UnrecoverableExceptions { get; init; } = [];

    /// <summary>Makes the session that the handlers of one message share.</summary>
    public abstract ICompletableSynchronizedStorageSession CreateSession();

    /// <summary>Creates missing tables.</summary>
    public abstract Task Install(CancellationToken cancellationToken = default);

    /// <summary>Starts background work, such as the outbox clean-up.</summary>
    public abstract Task Start(CancellationToken cancellationToken = default);

    /// <summary>Ends background work.</summary>
    public abstract Task Stop(CancellationToken cancellationToken = default);
}
