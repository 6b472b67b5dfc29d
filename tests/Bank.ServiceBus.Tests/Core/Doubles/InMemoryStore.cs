using System.Collections.Concurrent;
using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Outbox;
using Bank.ServiceBus.Persistence;
using Bank.ServiceBus.Sagas;
using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Tests.Core;

/// <summary>A database in memory: what a transaction wrote is seen only after its commit.</summary>
public sealed class InMemoryStore : IOutboxStorage
{
    public ConcurrentDictionary<string, Record> Records { get; } = new();

    public ConcurrentQueue<string> Effects { get; } = new();

    public ConcurrentQueue<string> Steps { get; } = new();

    /// <summary>Thrown once by the named step.</summary>
    public (string Step, Exception Exception)? FailAt { get; set; }

    public Task<OutboxMessage?> Get(string messageId, ContextBag context, CancellationToken cancellationToken = default)
    {
        Note("get");
        return Task.FromResult(Records.TryGetValue(messageId, out var record) ? new OutboxMessage(messageId, record.Operations) : null);
    }

    public Task<IOutboxTransaction> BeginTransaction(ContextBag context, CancellationToken cancellationToken = default)
    {
        Note("begin");
        return Task.FromResult<IOutboxTransaction>(new Transaction(this));
    }

    public Task Store(OutboxMessage message, IOutboxTransaction transaction, ContextBag context, CancellationToken cancellationToken = default)
    {
        Note("store");
        ((Transaction)transaction).Record = message;
        return Task.CompletedTask;
    }

    public Task SetAsDispatched(string messageId, ContextBag context, CancellationToken cancellationToken = default)
    {
        Note("dispatched");
        Records[messageId] = new Record([], Dispatched: true);
        return Task.CompletedTask;
    }

    public void Note(string step)
    {
        Steps.Enqueue(step);
        if (FailAt is not { } failure || failure.Step != step) return;
        FailAt = null;
        throw failure.Exception;
    }

    public sealed record Record(IReadOnlyList<OutboxOperation> Operations, bool Dispatched);

    public sealed class Transaction(InMemoryStore store) : IOutboxTransaction
    {
        public List<string> Effects { get; } = [];

        public OutboxMessage? Record { get; set; }

        public Task Commit(CancellationToken cancellationToken = default)
        {
            store.Note("commit");
            if (Record is { } record && !store.Records.TryAdd(record.MessageId, new Record(record.TransportOperations, Dispatched: false)))
                throw new InvalidOperationException("duplicate key: " + record.MessageId);
            foreach (var effect in Effects) store.Effects.Enqueue(effect);
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>The session that handlers write their effects to.</summary>
    public sealed class Session(InMemoryStore store) : ICompletableSynchronizedStorageSession
    {
        private Transaction? own;
        private Transaction? joined;

        public void Write(string effect) => (joined ?? own)!.Effects.Add(effect);

        public ValueTask<bool> TryOpen(IOutboxTransaction transaction, ContextBag context, CancellationToken cancellationToken = default)
        {
            joined = (Transaction)transaction;
            return new(true);
        }

        public Task Open(ContextBag context, CancellationToken cancellationToken = default)
        {
            own = new Transaction(store);
            return Task.CompletedTask;
        }

        public Task CompleteAsync(CancellationToken cancellationToken = default)
        {
            store.Note("complete");
            return own?.Commit(cancellationToken) ?? Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>Puts an <see cref="InMemoryStore"/> from the settings behind the endpoint.</summary>
public sealed class FakePersistence(InMemoryStore store) : PersistenceDefinition, IPersistenceDefinitionFactory<FakePersistence>
{
    public override bool SupportsOutbox => true;

    public static FakePersistence Create(Settings.SettingsHolder settings) => new(settings.Get<InMemoryStore>());

    public override PersistenceInfrastructure Initialize(PersistenceHostSettings settings) => new Infrastructure(store)
    {
        SagaPersister = new NoSagas(),
        OutboxStorage = settings.OutboxEnabled ? store : null,
        UnrecoverableExceptions = [typeof(BadImageFormatException)],
    };

    private sealed class Infrastructure(InMemoryStore store) : PersistenceInfrastructure
    {
        public override ICompletableSynchronizedStorageSession CreateSession() => new InMemoryStore.Session(store);

        public override Task Install(CancellationToken cancellationToken = default) => Note("install");

        public override Task Start(CancellationToken cancellationToken = default) => Note("start");

        public override Task Stop(CancellationToken cancellationToken = default) => Note("stop");

        private Task Note(string step)
        {
            store.Note(step);
            return Task.CompletedTask;
        }
    }

    // These tests have no sagas; a call would be a defect of the core.
    private sealed class NoSagas : ISagaPersister
    {
        public Task<T?> Get<T>(Guid sagaId, ISynchronizedStorageSession session, ContextBag context, CancellationToken cancellationToken = default)
            where T : class, IContainSagaData => throw Unexpected();

        public Task<T?> Get<T>(string propertyName, object propertyValue, ISynchronizedStorageSession session, ContextBag context, CancellationToken cancellationToken = default)
            where T : class, IContainSagaData => throw Unexpected();

        public Task Save(IContainSagaData sagaData, SagaCorrelationProperty? correlationProperty, ISynchronizedStorageSession session, ContextBag context, CancellationToken cancellationToken = default) =>
            throw Unexpected();

        public Task Update(IContainSagaData sagaData, ISynchronizedStorageSession session, ContextBag context, CancellationToken cancellationToken = default) => throw Unexpected();

        public Task Complete(IContainSagaData sagaData, ISynchronizedStorageSession session, ContextBag context, CancellationToken cancellationToken = default) => throw Unexpected();

        private static InvalidOperationException Unexpected() => new("There is no saga here.");
    }
}
