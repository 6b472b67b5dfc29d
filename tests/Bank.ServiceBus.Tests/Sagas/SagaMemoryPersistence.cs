using Bank.ServiceBus.Persistence;
using Bank.ServiceBus.Settings;
using Bank.ServiceBus.Testing;

namespace Bank.ServiceBus.Tests.Sagas;

/// <summary>Sagas in memory, for a whole endpoint.</summary>
public sealed class SagaMemoryPersistence : PersistenceDefinition, IPersistenceDefinitionFactory<SagaMemoryPersistence>
{
    public override bool SupportsOutbox => false;

    public static SagaMemoryPersistence Create(SettingsHolder settings) => new();

    public override PersistenceInfrastructure Initialize(PersistenceHostSettings settings) =>
        new Infrastructure { SagaPersister = new SagaMemory(), OutboxStorage = null, UnrecoverableExceptions = [] };

    private sealed class Infrastructure : PersistenceInfrastructure
    {
        public override ICompletableSynchronizedStorageSession CreateSession() => new NoStorageSession();

        public override Task Install(CancellationToken cancellationToken = default) => Task.CompletedTask;

        public override Task Start(CancellationToken cancellationToken = default) => Task.CompletedTask;

        public override Task Stop(CancellationToken cancellationToken = default) => Task.CompletedTask;
    }
}
