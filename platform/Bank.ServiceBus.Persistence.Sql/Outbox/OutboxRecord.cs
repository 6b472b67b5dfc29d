namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>A row to write: the message and what it sends, as JSON.</summary>
internal sealed record OutboxRecord(string MessageId, string Operations);
