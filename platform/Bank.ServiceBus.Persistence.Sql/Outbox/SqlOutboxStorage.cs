using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Outbox;
using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>The outbox of one endpoint. What concurrent messages ask of the table goes there together.</summary>
internal sealed class SqlOutboxStorage : IOutboxStorage
{
    private const int LargestGroup = 256;

    private readonly SqlConnections connections;
    private readonly OutboxTable table;
    private readonly bool pessimistic;
    private readonly Grouping<string, OutboxMessage?> lookups;
    private readonly Grouping<OutboxRecord, bool> records;
    private readonly Grouping<string, bool> dispatched;

    public SqlOutboxStorage(SqlConnections connections, OutboxTable table, bool pessimistic)
    {
        this.connections = connections;
        this.table = table;
        this.pessimistic = pessimistic;
        lookups = new Grouping<string, OutboxMessage?>(connections, LargestGroup, table.Find);
        records = new Grouping<OutboxRecord, bool>(connections, LargestGroup, table.Insert);
        dispatched = new Grouping<string, bool>(connections, LargestGroup, table.MarkDispatched);
    }

    public Task<OutboxMessage?> Get(string messageId, ContextBag context, CancellationToken cancellationToken = default) => lookups.Run(messageId, cancellationToken);

    public async Task<IOutboxTransaction> BeginTransaction(ContextBag context, CancellationToken cancellationToken = default)
    {
        var transaction = await connections.Begin(cancellationToken);
        if (!pessimistic) return transaction;
        try
        {
            await table.Insert(transaction, new OutboxRecord(context.Get<IncomingMessage>().MessageId, "[]"), cancellationToken);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    public async Task Store(OutboxMessage message, IOutboxTransaction transaction, ContextBag context, CancellationToken cancellationToken = default)
    {
        var sql = (SqlTransaction)transaction;
        var record = new OutboxRecord(message.MessageId, OutboxJson.Write(message.TransportOperations));
        if (pessimistic) await table.Update(sql, record, cancellationToken);
        else if (sql.IsUsed) await table.Insert(sql, record, cancellationToken);
        else sql.CommitInstead = token => Write(record, token);
    }

    public Task SetAsDispatched(string messageId, ContextBag context, CancellationToken cancellationToken = default) => dispatched.Run(messageId, cancellationToken);

    /// <summary>Forgets what was dispatched before an instant.</summary>
    public Task RemoveDispatchedBefore(DateTimeOffset instant, CancellationToken cancellationToken) => table.RemoveDispatchedBefore(instant, cancellationToken);

    private async Task Write(OutboxRecord record, CancellationToken cancellationToken)
    {
        if (!await records.Run(record, cancellationToken))
            throw new InvalidOperationException($"The message '{record.MessageId}' was handled by somebody else meanwhile.");
    }
}
