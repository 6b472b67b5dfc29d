using System.Data;
using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>The same tables on SQLite: JSON, ids and instants are texts. One writer at a time, so a row needs no lock of its own.</summary>
internal sealed class SqliteDialectSql : DialectSql
{
    public override string DefaultSchema => "";

    public override string PrepareConnection => "PRAGMA busy_timeout = 30000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";

    // Not deferred: a transaction that begins by reading and writes later is refused at once when another writer was faster.
    public override DbTransaction Begin(DbConnection connection) =>
        ((SqliteConnection)connection).BeginTransaction(IsolationLevel.Serializable, deferred: false);

    public override string Table(string? schema, string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    public override void AddJson(DbCommand command, string name, string json, Action<DbParameter>? modifier) => Add(command, name, json);

    public override object Id(Guid id) => id.ToString();

    public override object Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    public override object Correlation(object value) => value switch
    {
        string text => text,
        Guid id => id.ToString(),
        _ => Convert.ToInt64(value, CultureInfo.InvariantCulture),
    };

    public override string CorrelationType(Type type) => type == typeof(string) || type == typeof(Guid) ? "text" : "integer";

    public override string InsertOutboxRecords(DbCommand command, string table, IReadOnlyList<OutboxRecord> records, string version)
    {
        Add(command, "version", version);
        for (var index = 0; index < records.Count; index++)
        {
            Add(command, "id" + index, records[index].MessageId);
            Add(command, "operations" + index, records[index].Operations);
        }

        return $"""
            insert into {table} ("MessageId", "Operations", "PersistenceVersion")
            values {string.Join(", ", records.Select((_, index) => $"(@id{index}, @operations{index}, @version)"))}
            on conflict ("MessageId") do nothing
            returning "MessageId"
            """;
    }

    public override string CreateOutbox(string table, string? schema) => $"""
        create table if not exists {table} (
            "MessageId" text primary key,
            "Dispatched" integer not null default 0,
            "DispatchedAt" text,
            "PersistenceVersion" text,
            "Operations" text not null
        );
        create index if not exists "Index_DispatchedAt" on {table} ("DispatchedAt") where "Dispatched" = 1;
        """;

    public override string CreateSaga(string table, SagaTable saga, string? schema)
    {
        var columns = string.Concat(saga.Correlations.Select(correlation => $", \"{correlation.Column}\" {CorrelationType(correlation.Property.PropertyType)}"));
        var create = $"""
            create table if not exists {table} (
                "Id" text primary key,
                "Metadata" text not null,
                "Data" text not null,
                "PersistenceVersion" text,
                "SagaTypeVersion" text,
                "Concurrency" integer not null{columns}
            );
            """;
        return create + string.Concat(saga.Correlations.Select(
            correlation => $" create unique index if not exists {Table(null, correlation.Index)} on {table} (\"{correlation.Column}\");"));
    }

    public override async Task AddMissingColumns(SqlTransaction transaction, SagaTable saga, CancellationToken cancellationToken)
    {
        await using var command = transaction.Connection.CreateCommand();
        command.Transaction = transaction.Transaction;
        command.CommandText = "select name from pragma_table_info(@table)";
        Add(command, "table", saga.Name.Trim('"').Replace("\"\"", "\"", StringComparison.Ordinal));
        var there = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken)) there.Add(reader.GetString(0));
        }

        if (there.Count == 0) return;
        foreach (var correlation in saga.Correlations.Where(correlation => !there.Contains(correlation.Column)))
        {
            command.CommandText = $"alter table {saga.Name} add column \"{correlation.Column}\" {CorrelationType(correlation.Property.PropertyType)}";
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    public override string CleanOutbox(string table) => $"""
        delete from {table} where "MessageId" in (
            select "MessageId" from {table} where "Dispatched" = 1 and "DispatchedAt" < @before limit @batch)
        """;
}
