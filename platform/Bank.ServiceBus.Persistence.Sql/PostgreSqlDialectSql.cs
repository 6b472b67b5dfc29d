using System.Data;
using System.Data.Common;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>Tables, columns and indexes of NServiceBus.Persistence.Sql 9 on PostgreSQL.</summary>
internal sealed class PostgreSqlDialectSql : DialectSql
{
    // Several instances may install at once; the number is arbitrary.
    private const string OneAtATime = "select pg_advisory_xact_lock(7265612);";

    public override string DefaultSchema => "public";

    public override string RowLock => "for update";

    public override int LongestPrefix => 20;

    public override int LongestSuffix => 43;

    // Npgsql sends the begin along with the first statement.
    public override DbTransaction Begin(DbConnection connection) => connection.BeginTransaction(IsolationLevel.ReadCommitted);

    public override string Table(string? schema, string name) => $"{Quote(schema ?? DefaultSchema)}.{Quote(name)}";

    public override void AddJson(DbCommand command, string name, string json, Action<DbParameter>? modifier)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = json;
        if (parameter is NpgsqlParameter npgsql) npgsql.NpgsqlDbType = NpgsqlDbType.Jsonb;
        modifier?.Invoke(parameter);
        command.Parameters.Add(parameter);
    }

    public override object Id(Guid id) => id;

    public override object Instant(DateTimeOffset instant) => DateTime.SpecifyKind(instant.UtcDateTime, DateTimeKind.Unspecified);

    public override object Correlation(object value) =>
        value is string or Guid ? value : Convert.ToInt32(value, CultureInfo.InvariantCulture);

    public override string CorrelationType(Type type) =>
        type == typeof(string) ? "character varying(200)" : type == typeof(Guid) ? "uuid" : "integer";

    public override string IsOneOf(DbCommand command, IReadOnlyList<string> values)
    {
        Add(command, "values", values.ToArray());
        return "= any (@values)";
    }

    public override string InsertOutboxRecords(DbCommand command, string table, IReadOnlyList<OutboxRecord> records, string version)
    {
        Add(command, "ids", records.Select(record => record.MessageId).ToArray());
        Add(command, "operations", records.Select(record => record.Operations).ToArray());
        Add(command, "version", version);
        return $"""
            insert into {table} ("MessageId", "Operations", "PersistenceVersion")
            select id, operations::jsonb, @version from unnest(@ids, @operations) as records (id, operations)
            on conflict ("MessageId") do nothing
            returning "MessageId"
            """;
    }

    public override string CreateOutbox(string table, string? schema) => $"""
        {OneAtATime}
        create table if not exists {table} (
            "MessageId" character varying(200),
            "Dispatched" boolean not null default false,
            "DispatchedAt" timestamp,
            "PersistenceVersion" character varying(23),
            "Operations" jsonb not null,
            primary key ("MessageId")
        );
        create index if not exists "Index_DispatchedAt" on {table} using btree ("DispatchedAt" asc nulls last);
        create index if not exists "Index_Dispatched" on {table} using btree ("Dispatched" asc nulls last);
        """;

    public override string CreateSaga(string table, SagaTable saga, string? schema)
    {
        var create = $"""
            {OneAtATime}
            create table if not exists {table} (
                "Id" uuid not null,
                "Metadata" text not null,
                "Data" jsonb not null,
                "PersistenceVersion" character varying(23),
                "SagaTypeVersion" character varying(23),
                "Concurrency" int not null,
                primary key ("Id")
            );
            """;
        var kept = string.Join(", ", saga.Correlations.Select(correlation => $"'{correlation.Column}'").DefaultIfEmpty("''"));
        return $"""
            {create}
            {string.Join('\n', saga.Correlations.Select(correlation => AddCorrelation(table, correlation)))}
            do $drop$ declare other record; begin
                for other in select attname from pg_attribute
                    where attrelid = '{table}'::regclass and attname like 'Correlation\_%' and not attisdropped and attname not in ({kept})
                loop
                    execute format('alter table {table} drop column %I', other.attname);
                end loop;
            end $drop$;
            """;
    }

    private string AddCorrelation(string table, SagaCorrelation correlation) => $"""
        alter table {table} add column if not exists {Quote(correlation.Column)} {CorrelationType(correlation.Property.PropertyType)};
        do $check$ begin
            if (select format_type(atttypid, atttypmod) from pg_attribute where attrelid = '{table}'::regclass and attname = '{correlation.Column}') <> '{CorrelationType(correlation.Property.PropertyType)}' then
                raise exception 'The column {correlation.Column} is of another type than the property it is for.';
            end if;
        end $check$;
        create unique index if not exists {Quote(correlation.Index)} on {table} using btree ({Quote(correlation.Column)} asc);
        """;

    public override string CleanOutbox(string table) => $"""
        delete from {table} where ctid in (
            select ctid from {table} where "Dispatched" = true and "DispatchedAt" < @before limit @batch)
        """;

    private static string Quote(string name) => "\"" + name + "\"";
}
