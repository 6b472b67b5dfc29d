using System.Data.Common;
using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Outbox;

namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>The outbox table of one endpoint.</summary>
internal sealed class SqlOutboxStorage(SqlConnections connections, DialectSql dialect, string table, Action<DbParameter>? jsonParameter, TimeProvider clock) : IOutboxStorage
{
    private const int CleanupBatch = 4000;

    public async Task<OutboxMessage?> Get(string messageId, ContextBag context, CancellationToken cancellationToken = default)
    {
        await using var connection = await connections.Open(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = $"""select "Dispatched", "Operations" from {table} where "MessageId" = @id""";
        DialectSql.Add(command, "id", messageId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        return new OutboxMessage(messageId, reader.GetBoolean(0) ? [] : OutboxJson.Read(reader.GetString(1)));
    }

    public async Task<IOutboxTransaction> BeginTransaction(ContextBag context, CancellationToken cancellationToken = default) =>
        await connections.Begin(cancellationToken);

    public async Task Store(OutboxMessage message, IOutboxTransaction transaction, ContextBag context, CancellationToken cancellationToken = default)
    {
        var sql = (SqlTransaction)transaction;
        await using var command = sql.Connection.CreateCommand();
        command.Transaction = sql.Transaction;
        command.CommandText = $"""insert into {table} ("MessageId", "Operations", "PersistenceVersion") values (@id, @operations, @version)""";
        DialectSql.Add(command, "id", message.MessageId);
        dialect.AddJson(command, "operations", OutboxJson.Write(message.TransportOperations), jsonParameter);
        DialectSql.Add(command, "version", AssemblyVersion.Of(typeof(SqlPersistence)));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task SetAsDispatched(string messageId, ContextBag context, CancellationToken cancellationToken = default)
    {
        await using var connection = await connections.Open(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = $"""update {table} set "Dispatched" = true, "DispatchedAt" = @now, "Operations" = @none where "MessageId" = @id""";
        DialectSql.Add(command, "id", messageId);
        DialectSql.Add(command, "now", dialect.Instant(clock.GetUtcNow()));
        dialect.AddJson(command, "none", "[]", jsonParameter);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Forgets what was dispatched before an instant, in batches.</summary>
    public async Task RemoveDispatchedBefore(DateTimeOffset instant, CancellationToken cancellationToken)
    {
        await using var connection = await connections.Open(cancellationToken);
        int removed;
        do
        {
            await using var command = connection.CreateCommand();
            command.CommandText = dialect.CleanOutbox(table);
            DialectSql.Add(command, "before", dialect.Instant(instant));
            DialectSql.Add(command, "batch", CleanupBatch);
            removed = await command.ExecuteNonQueryAsync(cancellationToken);
        }
        while (removed > 0);
    }
}
