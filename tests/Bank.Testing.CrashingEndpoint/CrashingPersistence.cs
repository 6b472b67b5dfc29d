using Bank.ServiceBus;
using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Outbox;
using Bank.ServiceBus.Persistence;
using Bank.ServiceBus.Settings;

namespace Bank.Testing.CrashingEndpoint;

/// <summary>The SQL persistence, with moments of death around its outbox.</summary>
public sealed class CrashingPersistence : PersistenceDefinition, IPersistenceDefinitionFactory<CrashingPersistence>
{
    private readonly SqlPersistence inner;
    private readonly Death death;

    private CrashingPersistence(SettingsHolder settings) => (inner, death) = (SqlPersistence.Create(settings), settings.Get<Death>());

    public override bool SupportsOutbox => true;

    public static CrashingPersistence Create(SettingsHolder settings) => new(settings);

    public override PersistenceInfrastructure Initialize(PersistenceHostSettings settings)
    {
        var storage = inner.Initialize(settings);
        return new Infrastructure(storage)
        {
            SagaPersister = storage.SagaPersister,
            OutboxStorage = new Outbox(storage.OutboxStorage!, death),
            UnrecoverableExceptions = storage.UnrecoverableExceptions,
        };
    }

    private sealed class Infrastructure(PersistenceInfrastructure inner) : PersistenceInfrastructure
    {
        public override ICompletableSynchronizedStorageSession CreateSession() => inner.CreateSession();

        public override Task Install(CancellationToken cancellationToken = default) => inner.Install(cancellationToken);

        public override Task Start(CancellationToken cancellationToken = default) => inner.Start(cancellationToken);

        public override Task Stop(CancellationToken cancellationToken = default) => inner.Stop(cancellationToken);
    }

    private sealed class Outbox(IOutboxStorage inner, Death death) : IOutboxStorage
    {
        public Task<OutboxMessage?> Get(string messageId, ContextBag context, CancellationToken cancellationToken = default) =>
            inner.Get(messageId, context, cancellationToken);

        public Task<IOutboxTransaction> BeginTransaction(ContextBag context, CancellationToken cancellationToken = default) =>
            inner.BeginTransaction(context, cancellationToken);

        public async Task Store(OutboxMessage message, IOutboxTransaction transaction, ContextBag context, CancellationToken cancellationToken = default)
        {
            death.At(Phase.Handled, message.MessageId);
            await inner.Store(message, transaction, context, cancellationToken);
            death.At(Phase.Storing, message.MessageId);
        }

        public Task SetAsDispatched(string messageId, ContextBag context, CancellationToken cancellationToken = default)
        {
            death.At(Phase.Dispatched, messageId);
            return inner.SetAsDispatched(messageId, context, cancellationToken);
        }
    }
}
