using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Persistence;

namespace Bank.ServiceBus.Sagas;

/// <summary>The persister, bound to the state type of one saga, so that finding needs no reflection per message.</summary>
internal abstract class SagaStorage(ISagaPersister persister)
{
    public ISagaPersister Persister { get; } = persister;

    public static SagaStorage For(SagaMetadata saga, ISagaPersister persister) =>
        (SagaStorage)Activator.CreateInstance(typeof(Typed<>).MakeGenericType(saga.SagaEntityType), persister)!;

    public abstract IContainSagaData Create();

    public abstract Task<IContainSagaData?> Get(Guid id, ISynchronizedStorageSession session, ContextBag context, CancellationToken cancellationToken);

    public abstract Task<IContainSagaData?> Get(string property, object value, ISynchronizedStorageSession session, ContextBag context, CancellationToken cancellationToken);

    private sealed class Typed<TSagaData>(ISagaPersister persister) : SagaStorage(persister)
        where TSagaData : class, IContainSagaData, new()
    {
        public override IContainSagaData Create() => new TSagaData();

        public override async Task<IContainSagaData?> Get(
            Guid id, ISynchronizedStorageSession session, ContextBag context, CancellationToken cancellationToken) =>
            await Persister.Get<TSagaData>(id, session, context, cancellationToken);

        public override async Task<IContainSagaData?> Get(
            string property, object value, ISynchronizedStorageSession session, ContextBag context, CancellationToken cancellationToken) =>
            await Persister.Get<TSagaData>(property, value, session, context, cancellationToken);
    }
}
