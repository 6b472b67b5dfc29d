using System.Data;
using System.Data.Common;
using System.Globalization;

namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>Tables, columns and indexes of NServiceBus.Persistence.Sql 9 on SQL Server. Names in double quotes: the driver turns QUOTED_IDENTIFIER on.</summary>
internal sealed class MsSqlServerDialectSql : DialectSql
{
    // Off in sqlcmd: names in double quotes would be texts there, and a filtered index is refused.
    public override string BeginScript => "set quoted_identifier on;\n";

    public override string DefaultSchema => "dbo";

    public override string LockHint => "with (updlock)";

    public override string True => "1";

    public override DbTransaction Begin(DbConnection connection) => connection.BeginTransaction(IsolationLevel.ReadCommitted);

    public override string Table(string? schema, string name) => $"{Quote(schema ?? DefaultSchema)}.{Quote(name)}";

    public override void AddJson(DbCommand command, string name, string json, Action<DbParameter>? modifier) => Add(command, name, json);

    public override object Id(Guid id) => id;

    public override object Instant(DateTimeOffset instant) => instant.UtcDateTime;

    public override object Correlation(object value) => value is string or Guid ? value : Convert.ToInt64(value, CultureInfo.InvariantCulture);

    public override string CorrelationType(Type type) =>
        type == typeof(string) ? "nvarchar(200)" : type == typeof(Guid) ? "uniqueidentifier" : "bigint";

    // Only for records that are not there; two writers at the same moment may both see none, and then the primary key refuses one of them.
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
            output inserted."MessageId"
            select records."Id", records."Operations", @version
            from (values {string.Join(", ", records.Select((_, index) => $"(@id{index}, @operations{index})"))}) as records ("Id", "Operations")
            where not exists (select 1 from {table} as known where known."MessageId" = records."Id")
            """;
    }

    public override string CreateOutbox(string table, string? schema) => $"""
        {OneAtATime}
        if object_id(N'{table}', N'U') is null
        begin
            create table {table} (
                "MessageId" nvarchar(200) not null primary key nonclustered,
                "Dispatched" bit not null default 0,
                "DispatchedAt" datetime,
                "PersistenceVersion" varchar(23) not null,
                "Operations" nvarchar(max) not null
            );
        end;
        {CreateIndex(table, "Index_DispatchedAt", $"create index \"Index_DispatchedAt\" on {table} (\"DispatchedAt\") where \"Dispatched\" = 1")}
        """;

    public override string CreateSaga(string table, SagaTable saga, string? schema)
    {
        var create = $"""
            {OneAtATime}
            if object_id(N'{table}', N'U') is null
            begin
                create table {table} (
                    "Id" uniqueidentifier not null primary key,
                    "Metadata" nvarchar(max) not null,
                    "Data" nvarchar(max) not null,
                    "PersistenceVersion" varchar(23) not null,
                    "SagaTypeVersion" varchar(23) not null,
                    "Concurrency" int not null
                );
            end;
            """;
        var columns = saga.Correlations.Select(correlation => AddCorrelation(table, correlation));
        return $"{create}\n{string.Join('\n', columns)}\n{DropOthers(table, saga)}";
    }

    public override string CleanOutbox(string table) => $"""
        delete top (@batch) from {table} with (rowlock) where "Dispatched" = 1 and "DispatchedAt" < @before
        """;

    // Several instances may install at once; the name is arbitrary. The lock is the transaction's: sqlcmd has none, and is one hand alone.
    private const string OneAtATime = "if @@trancount > 0 exec sp_getapplock @Resource = N'Bank.ServiceBus.Persistence.Sql', @LockMode = N'Exclusive';";

    private string AddCorrelation(string table, SagaCorrelation correlation)
    {
        var type = CorrelationType(correlation.Property.PropertyType);
        var (name, length) = type.Split('(') is [var plain, var rest] ? (plain, rest.TrimEnd(')')) : (type, "");
        var same = length.Length == 0 ? "" : $" and max_length = {2 * int.Parse(length, CultureInfo.InvariantCulture)}";
        return $"""
            if col_length(N'{table}', N'{correlation.Column}') is null
                exec(N'alter table {table} add "{correlation.Column}" {type}');
            if not exists (select 1 from sys.columns where object_id = object_id(N'{table}') and name = N'{correlation.Column}' and type_name(user_type_id) = N'{name}'{same})
                throw 50000, N'The column {correlation.Column} is of another type than the property it is for.', 1;
            {CreateIndex(table, "Index_" + correlation.Column, $"create unique index \"Index_{correlation.Column}\" on {table} (\"{correlation.Column}\") where \"{correlation.Column}\" is not null")}
            """;
    }

    // In a batch of its own: the columns it names may have been added a line before.
    private static string CreateIndex(string table, string index, string statement) => $"""
        if not exists (select 1 from sys.indexes where object_id = object_id(N'{table}') and name = N'{index}')
            exec(N'{statement}');
        """;

    private static string DropOthers(string table, SagaTable saga)
    {
        var kept = string.Join(", ", saga.Correlations.Select(correlation => $"N'{correlation.Column}'").DefaultIfEmpty("N''"));
        return $"""
            declare @drop nvarchar(max) = N'';
            select @drop = @drop + N'drop index "' + i.name + N'" on {table}; '
            from sys.indexes i where i.object_id = object_id(N'{table}') and i.name like N'Index[_]Correlation[_]%' and stuff(i.name, 1, 6, N'') not in ({kept});
            select @drop = @drop + N'alter table {table} drop column "' + c.name + N'"; '
            from sys.columns c where c.object_id = object_id(N'{table}') and c.name like N'Correlation[_]%' and c.name not in ({kept});
            exec(@drop);
            """;
    }

    private static string Quote(string name) => "\"" + name + "\"";
}
