using System.Text.Json;
using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Persistence;
using Bank.ServiceBus.Sagas;

namespace Bank.ServiceBus.Testing;

/// <summary>Saga state in memory, as JSON: what a database would not keep is not kept here either.</summary>
internal sealed class SagaMemory : ISagaPersister
{
    private readonly Lock gate = new();
    private readonly Dictionary<Guid, Row> rows = [];

    public static TSagaData Copy<TSagaData>(TSagaData data) where TSagaData : class, IContainSagaData =>
        JsonSerializer.Deserialize<TSagaData>(JsonSerializer.Serialize(data))!;

    public Task<TSagaData?> Get<TSagaData>(Guid sagaId, ISynchronizedStorageSession session, ContextBag context, CancellationToken cancellationToken = default)
        where TSagaData : class, IContainSagaData => Find<TSagaData>(row => row.Id == sagaId, context);

    public Task<TSagaData?> Get<TSagaData>(
        string propertyName, object propertyValue, ISynchronizedStorageSession session, ContextBag context, CancellationToken cancellationToken = default)
        where TSagaData : class, IContainSagaData =>
        Find<TSagaData>(row => row.Correlation == new SagaCorrelationProperty(propertyName, propertyValue), context);

    public Task Save(
        IContainSagaData sagaData, SagaCorrelationProperty? correlationProperty, ISynchronizedStorageSession session, ContextBag context,
        CancellationToken cancellationToken = default)
    {
        var row = new Row(sagaData.Id, sagaData.GetType(), correlationProperty, Write(sagaData), Version: 1);
        lock (gate)
        {
            if (correlationProperty is not null && rows.Values.Any(other => other.DataType == row.DataType && other.Correlation == correlationProperty))
                throw new InvalidOperationException($"There is an instance with {correlationProperty.Name} '{correlationProperty.Value}' already.");
            rows.Add(row.Id, row);
        }

        context.GetOrCreate<FoundVersions>()[row.Id] = row.Version;
        return Task.CompletedTask;
    }

    public Task Update(IContainSagaData sagaData, ISynchronizedStorageSession session, ContextBag context, CancellationToken cancellationToken = default)
    {
        lock (gate)
        {
            var row = Unchanged(sagaData, context);
            rows[row.Id] = row with { Json = Write(sagaData), Version = row.Version + 1 };
            context.GetOrCreate<FoundVersions>()[row.Id] = row.Version + 1;
        }

        return Task.CompletedTask;
    }

    public Task Complete(IContainSagaData sagaData, ISynchronizedStorageSession session, ContextBag context, CancellationToken cancellationToken = default)
    {
        lock (gate) rows.Remove(Unchanged(sagaData, context).Id);
        return Task.CompletedTask;
    }

    private Task<TSagaData?> Find<TSagaData>(Func<Row, bool> condition, ContextBag context) where TSagaData : class, IContainSagaData
    {
        Row? row;
        lock (gate) row = rows.Values.FirstOrDefault(candidate => candidate.DataType == typeof(TSagaData) && condition(candidate));
        if (row is null) return Task.FromResult<TSagaData?>(null);
        context.GetOrCreate<FoundVersions>()[row.Id] = row.Version;
        return Task.FromResult(JsonSerializer.Deserialize<TSagaData>(row.Json));
    }

    private Row Unchanged(IContainSagaData data, ContextBag context)
    {
        if (!context.TryGet<FoundVersions>(out var found) || !found.TryGetValue(data.Id, out var version))
            throw new InvalidOperationException($"The saga instance {data.Id} was not found in this session, so it cannot be changed.");
        return rows.TryGetValue(data.Id, out var row) && row.Version == version
            ? row
            : throw new InvalidOperationException($"The saga instance {data.Id} was changed by another message meanwhile.");
    }

    private static string Write(IContainSagaData data) => JsonSerializer.Serialize(data, data.GetType());

    private sealed record Row(Guid Id, Type DataType, SagaCorrelationProperty? Correlation, string Json, int Version);

    /// <summary>The versions that the instances had when a message found them.</summary>
    private sealed class FoundVersions : Dictionary<Guid, int>;
}
