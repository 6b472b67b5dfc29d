using System.Collections.Frozen;
using System.Data.Common;
using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Sagas;
using Newtonsoft.Json;

namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>Stores sagas in one table each. A found row is locked until the end of the transaction; the version column guards it besides.</summary>
internal sealed class SqlSagaPersister(DialectSql dialect, IEnumerable<SagaTable> tables, SagaJson json, Action<DbParameter>? jsonParameter) : ISagaPersister
{
    private readonly FrozenDictionary<Type, SagaTable> tables = tables.ToFrozenDictionary(table => table.Saga.SagaEntityType);

    public Task<TSagaData?> Get<TSagaData>(Guid sagaId, ISynchronizedStorageSession session, ContextBag context, CancellationToken cancellationToken = default)
        where TSagaData : class, IContainSagaData =>
        Find<TSagaData>("\"Id\" = @value", dialect.Id(sagaId), session, context, cancellationToken);

    public Task<TSagaData?> Get<TSagaData>(
        string propertyName, object propertyValue, ISynchronizedStorageSession session, ContextBag context, CancellationToken cancellationToken = default)
        where TSagaData : class, IContainSagaData
    {
        var table = tables[typeof(TSagaData)];
        if (table.Correlation is not { } correlation || correlation.Property.Name != propertyName)
            throw new InvalidOperationException($"{table.Saga.Name}: {propertyName} is not its correlation property; instances cannot be found by it.");
        return Find<TSagaData>($"\"{correlation.Column}\" = @value", dialect.Correlation(propertyValue), session, context, cancellationToken);
    }

    public async Task Save(
        IContainSagaData sagaData, SagaCorrelationProperty? correlationProperty, ISynchronizedStorageSession session, ContextBag context, CancellationToken cancellationToken = default)
    {
        var table = tables[sagaData.GetType()];
        var columns = string.Concat(table.Correlations.Select(correlation => $", \"{correlation.Column}\""));
        var parameters = string.Concat(table.Correlations.Select((_, index) => $", @correlation{index}"));
        await using var command = Command(session, $"""
            insert into {table.Name} ("Id", "Metadata", "Data", "PersistenceVersion", "SagaTypeVersion", "Concurrency"{columns})
            values (@id, @metadata, @data, @persistenceVersion, @sagaVersion, 1{parameters})
            """);
        DialectSql.Add(command, "id", dialect.Id(sagaData.Id));
        DialectSql.Add(command, "metadata", Metadata(sagaData));
        AddState(command, sagaData);
        foreach (var (index, correlation) in table.Correlations.Index()) DialectSql.Add(command, "correlation" + index, Value(correlation, sagaData));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task Update(IContainSagaData sagaData, ISynchronizedStorageSession session, ContextBag context, CancellationToken cancellationToken = default)
    {
        var table = tables[sagaData.GetType()];
        await using var command = Command(session, $"""
            update {table.Name}
            set "Data" = @data, "PersistenceVersion" = @persistenceVersion, "SagaTypeVersion" = @sagaVersion, "Concurrency" = @concurrency + 1{(table.Transitional is null ? "" : $", \"{table.Transitional.Column}\" = @transitional")}
            where "Id" = @id and "Concurrency" = @concurrency
            """);
        DialectSql.Add(command, "id", dialect.Id(sagaData.Id));
        DialectSql.Add(command, "concurrency", VersionOf(sagaData, context));
        if (table.Transitional is { } transitional) DialectSql.Add(command, "transitional", Value(transitional, sagaData));
        AddState(command, sagaData);
        await ExpectOne(command, sagaData, cancellationToken);
    }

    public async Task Complete(IContainSagaData sagaData, ISynchronizedStorageSession session, ContextBag context, CancellationToken cancellationToken = default)
    {
        var table = tables[sagaData.GetType()];
        await using var command = Command(session, $"""delete from {table.Name} where "Id" = @id and "Concurrency" = @concurrency""");
        DialectSql.Add(command, "id", dialect.Id(sagaData.Id));
        DialectSql.Add(command, "concurrency", VersionOf(sagaData, context));
        await ExpectOne(command, sagaData, cancellationToken);
    }

    private async Task<TSagaData?> Find<TSagaData>(
        string condition, object value, ISynchronizedStorageSession session, ContextBag context, CancellationToken cancellationToken)
        where TSagaData : class, IContainSagaData
    {
        var table = tables[typeof(TSagaData)];
        await using var command = Command(
            session, $"""select "Id", "Metadata", "Data", "Concurrency" from {table.Name} {dialect.LockHint} where {condition} {dialect.RowLock}""");
        DialectSql.Add(command, "value", value);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        var data = json.Read<TSagaData>(reader.GetString(2));
        data.Id = reader.GetValue(0) is Guid id ? id : Guid.Parse(reader.GetString(0));
        var metadata = JsonConvert.DeserializeObject<Dictionary<string, string>>(reader.GetString(1)) ?? [];
        data.OriginalMessageId = metadata.GetValueOrDefault(nameof(IContainSagaData.OriginalMessageId));
        data.Originator = metadata.GetValueOrDefault(nameof(IContainSagaData.Originator));
        context.GetOrCreate<LoadedVersions>()[data.Id] = reader.GetInt32(3);
        return data;
    }

    private object Value(SagaCorrelation correlation, IContainSagaData data) =>
        correlation.Property.GetValue(data) is { } value ? dialect.Correlation(value) : DBNull.Value;

    private static int VersionOf(IContainSagaData data, ContextBag context) =>
        context.TryGet<LoadedVersions>(out var loaded) && loaded.TryGetValue(data.Id, out var version)
            ? version
            : throw new InvalidOperationException($"The saga instance {data.Id} was not found in this session, so it cannot be changed.");

    private static string Metadata(IContainSagaData data)
    {
        var metadata = new Dictionary<string, string>();
        if (data.OriginalMessageId is not null) metadata[nameof(IContainSagaData.OriginalMessageId)] = data.OriginalMessageId;
        if (data.Originator is not null) metadata[nameof(IContainSagaData.Originator)] = data.Originator;
        return JsonConvert.SerializeObject(metadata);
    }

    private void AddState(DbCommand command, IContainSagaData data)
    {
        dialect.AddJson(command, "data", json.Write(data), jsonParameter);
        DialectSql.Add(command, "persistenceVersion", AssemblyVersion.Of(typeof(SqlPersistence)));
        DialectSql.Add(command, "sagaVersion", AssemblyVersion.Of(data.GetType()));
    }

    private static DbCommand Command(ISynchronizedStorageSession session, string text)
    {
        var sql = session.SqlPersistenceSession();
        var command = sql.Connection.CreateCommand();
        command.Transaction = sql.Transaction;
        command.CommandText = text;
        return command;
    }

    private static async Task ExpectOne(DbCommand command, IContainSagaData data, CancellationToken cancellationToken)
    {
        if (await command.ExecuteNonQueryAsync(cancellationToken) != 1)
            throw new InvalidOperationException($"The saga instance {data.Id} was changed by another message meanwhile.");
    }

    /// <summary>The versions that the instances of this session had when they were found.</summary>
    private sealed class LoadedVersions : Dictionary<Guid, int>;
}
