using Microsoft.Extensions.Logging;

namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>The storage of one endpoint.</summary>
internal sealed class SqlPersistenceInfrastructure : PersistenceInfrastructure
{
    private readonly SqlConnections connections;
    private readonly DialectSql dialect;
    private readonly SagaTable[] sagas;
    private readonly string outboxTable;
    private readonly bool outboxEnabled;
    private readonly SqlPersistenceValues values;
    private readonly OutboxCleanup? cleanup;

    private SqlPersistenceInfrastructure(
        SqlConnections connections, DialectSql dialect, SagaTable[] sagas, string outboxTable, bool outboxEnabled, SqlPersistenceValues values, OutboxCleanup? cleanup)
    {
        this.connections = connections;
        this.dialect = dialect;
        this.sagas = sagas;
        this.outboxTable = outboxTable;
        this.outboxEnabled = outboxEnabled;
        this.values = values;
        this.cleanup = cleanup;
        UnrecoverableExceptions = [typeof(SerializationException)];
    }

    public static SqlPersistenceInfrastructure Create(PersistenceHostSettings settings, SqlPersistenceValues values)
    {
        var dialect = (values.Dialect ?? throw new InvalidOperationException("SqlDialect: no dialect was chosen.")).Sql;
        var build = values.ConnectionBuilder ?? throw new InvalidOperationException("ConnectionBuilder: nothing says how to reach the database.");
        var prefix = values.TablePrefix ?? settings.EndpointName.Replace('.', '_') + "_";
        NameParts.Check("TablePrefix", prefix);
        NameParts.Check("Schema", values.Schema);
        if (prefix.Length > dialect.LongestPrefix)
            throw new InvalidOperationException($"TablePrefix: '{prefix}' is longer than {dialect.LongestPrefix} characters.");

        var connections = new SqlConnections(build, dialect);
        SagaTable[] sagas = [.. settings.Sagas.Select(saga => new SagaTable(saga, dialect, values.Schema, prefix, values.SagaTableName))];
        var outboxTable = dialect.Table(values.Schema, prefix + "OutboxData");
        var records = new OutboxTable(connections, dialect, outboxTable, values.JsonParameter, settings.Clock);
        var outbox = settings.OutboxEnabled ? new SqlOutboxStorage(connections, records, values.PessimisticOutbox) : null;
        var cleanup = outbox is null || values.CleanupDisabled
            ? null
            : new OutboxCleanup(outbox.RemoveDispatchedBefore, values.KeepFor, values.CleanupEvery, settings.Clock, settings.Logger.CreateLogger<SqlPersistence>(), settings.CriticalError);
        return new SqlPersistenceInfrastructure(connections, dialect, sagas, outboxTable, settings.OutboxEnabled, values, cleanup)
        {
            SagaPersister = new SqlSagaPersister(dialect, sagas, new SagaJson(values.SagaJson), values.JsonParameter),
            OutboxStorage = outbox,
        };
    }

    public override ICompletableSynchronizedStorageSession CreateSession() => new SqlStorageSession(connections);

    public override async Task Install(CancellationToken cancellationToken = default)
    {
        if (values.InstallerDisabled) return;
        if (outboxEnabled) await InTransaction(transaction => Run(transaction, dialect.CreateOutbox(outboxTable, values.Schema), cancellationToken), cancellationToken);
        await InTransaction(
            async transaction =>
            {
                foreach (var saga in sagas)
                {
                    await dialect.AddMissingColumns(transaction, saga, cancellationToken);
                    await Run(transaction, dialect.CreateSaga(saga.Name, saga, values.Schema), cancellationToken);
                }
            },
            cancellationToken);
    }

    public override Task Start(CancellationToken cancellationToken = default)
    {
        cleanup?.Start();
        return Task.CompletedTask;
    }

    public override Task Stop(CancellationToken cancellationToken = default) => cleanup?.Stop() ?? Task.CompletedTask;

    private async Task InTransaction(Func<SqlTransaction, Task> act, CancellationToken cancellationToken)
    {
        await using var transaction = await connections.Begin(cancellationToken);
        await act(transaction);
        await transaction.Commit(cancellationToken);
    }

    private static async Task Run(SqlTransaction transaction, string script, CancellationToken cancellationToken)
    {
        await using var command = transaction.Connection.CreateCommand();
        command.Transaction = transaction.Transaction;
        command.CommandText = script;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
