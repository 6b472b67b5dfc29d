using System.Data.Common;
using Bank.ServiceBus.Outbox;

namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>The statements on the outbox table of one endpoint, each for several records in one round trip.</summary>
internal sealed class OutboxTable(SqlConnections connections, DialectSql dialect, string name, Action<DbParameter>? jsonParameter, TimeProvider clock)
{
    private const int CleanupBatch = 4000;

    private static readonly string Version = AssemblyVersion.Of(typeof(SqlPersistence));

    /// <summary>Looks messages up; null for what was not handled yet.</summary>
    public async Task<IReadOnlyList<OutboxMessage?>> Find(DbConnection connection, IReadOnlyList<string> messageIds)
    {
        var found = new Dictionary<string, OutboxMessage>(StringComparer.Ordinal);
        await using var command = connection.CreateCommand();
        command.CommandText = $"""select "MessageId", "Dispatched", "Operations" from {name} where "MessageId" {dialect.IsOneOf(command, messageIds)}""";
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            found[reader.GetString(0)] = new OutboxMessage(reader.GetString(0), reader.GetBoolean(1) ? [] : OutboxJson.Read(reader.GetString(2)));
        return [.. messageIds.Select(found.GetValueOrDefault)];
    }

    /// <summary>Writes records of messages that changed nothing else in the database, in a transaction of their own.</summary>
    /// <returns>For each whether it was written; false when the message was handled meanwhile.</returns>
    public async Task<IReadOnlyList<bool>> Insert(DbConnection connection, IReadOnlyList<OutboxRecord> records)
    {
        var written = new HashSet<string>(StringComparer.Ordinal);
        await using var command = connection.CreateCommand();
        command.CommandText = dialect.InsertOutboxRecords(command, name, records, Version);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) written.Add(reader.GetString(0));
        // Of two copies of one message in the same group only the first was the one that wrote.
        return [.. records.Select(record => written.Remove(record.MessageId))];
    }

    /// <summary>Writes one record within the transaction of its handlers.</summary>
    public async Task Insert(SqlTransaction transaction, OutboxRecord record, CancellationToken cancellationToken)
    {
        await using var command = transaction.Connection.CreateCommand();
        command.Transaction = transaction.Transaction;
        command.CommandText = $"""insert into {name} ("MessageId", "Operations", "PersistenceVersion") values (@id, @operations, @version)""";
        DialectSql.Add(command, "id", record.MessageId);
        dialect.AddJson(command, "operations", record.Operations, jsonParameter);
        DialectSql.Add(command, "version", Version);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Completes a record that was written before the handlers ran.</summary>
    public async Task Update(SqlTransaction transaction, OutboxRecord record, CancellationToken cancellationToken)
    {
        await using var command = transaction.Connection.CreateCommand();
        command.Transaction = transaction.Transaction;
        command.CommandText = $"""update {name} set "Operations" = @operations where "MessageId" = @id""";
        DialectSql.Add(command, "id", record.MessageId);
        dialect.AddJson(command, "operations", record.Operations, jsonParameter);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Notes that what the messages sent is on its way, and forgets it.</summary>
    public async Task<IReadOnlyList<bool>> MarkDispatched(DbConnection connection, IReadOnlyList<string> messageIds)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"""
            update {name} set "Dispatched" = {dialect.True}, "DispatchedAt" = @now, "Operations" = @none where "MessageId" {dialect.IsOneOf(command, messageIds)}
            """;
        DialectSql.Add(command, "now", dialect.Instant(clock.GetUtcNow()));
        dialect.AddJson(command, "none", "[]", jsonParameter);
        await command.ExecuteNonQueryAsync();
        return [.. messageIds.Select(_ => true)];
    }

    /// <summary>Forgets what was dispatched before an instant, in batches.</summary>
    public async Task RemoveDispatchedBefore(DateTimeOffset instant, CancellationToken cancellationToken)
    {
        await using var connection = await connections.Open(cancellationToken);
        int removed;
        do
        {
            await using var command = connection.CreateCommand();
            command.CommandText = dialect.CleanOutbox(name);
            DialectSql.Add(command, "before", dialect.Instant(instant));
            DialectSql.Add(command, "batch", CleanupBatch);
            removed = await command.ExecuteNonQueryAsync(cancellationToken);
        }
        while (removed > 0);
    }
}
