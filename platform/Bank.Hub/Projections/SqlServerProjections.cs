using System.Data;
using System.Data.Common;
using System.Text.Json;
using static Bank.Hub.HubSql;

namespace Bank.Hub.Projections;

/// <summary>
/// Projections in SQL Server: rows travel as one JSON text, and whoever writes is alone. Readers wait for swaps and for nobody else, so statements of one snapshot read the same tables,
/// each as they are when it begins.
/// </summary>
internal sealed class SqlServerProjections : IProjectionDialect
{
    // Ids that differ in case alone are different, whatever the database compares by.
    internal const string Exactly = "COLLATE Latin1_General_100_BIN2";

    private const string Writers = "Bank.Hub.Projections.Writers";
    private const string Readers = "Bank.Hub.Projections.Readers";
    private const int LongestSwap = 1000;

    private const string WantedSubjects = "OPENJSON(@rows) WITH (projection NVARCHAR(60) '$[0]', generation INTEGER '$[1]', subject NVARCHAR(200) '$[2]', seen NVARCHAR(MAX) '$[3]', missing BIGINT '$[4]') AS n";
    private const string SameSubject = $"s.projection = n.projection {Exactly} AND s.generation = n.generation AND s.subject = n.subject {Exactly}";

    internal const string SelectSubjects = $"SELECT s.projection, s.generation, s.subject, s.seen FROM projection_subject AS s JOIN {WantedSubjects} ON {SameSubject}";
    internal const string InsertSubjects = $"INSERT INTO projection_subject (projection, generation, subject, seen, missing) SELECT n.projection, n.generation, n.subject, n.seen, n.missing FROM {WantedSubjects}";
    internal const string UpdateSubjects = $"UPDATE s SET seen = n.seen, missing = n.missing FROM projection_subject AS s JOIN {WantedSubjects} ON {SameSubject}";

    public string PrepareGate => Gate(Writers, "Exclusive");

    public string WriteGate => PrepareGate;

    public string ChangeGate => PrepareGate;

    public string SwapGate => $"{PrepareGate}; {Gate(Readers, "Exclusive", LongestSwap)}";

    public string? DropGate => null;

    public string ReadGate => Gate(Readers, "Shared");

    public string LockHint => " WITH (UPDLOCK, ROWLOCK)";

    public string ForUpdate => "";

    public string LongText => "NVARCHAR(MAX)";

    public string CountTables => "SELECT COUNT(*) FROM sys.tables WHERE name = @name AND schema_id = SCHEMA_ID()";

    public string Text(int length) => $"NVARCHAR({length}) {Exactly}";

    public string TypeOf(ProjectionColumn column) => column.Type switch
    {
        ColumnType.Text => Text(column.Length),
        ColumnType.Number => "BIGINT",
        _ => "INTEGER",
    };

    public string CreateMissing(string table, string columns) => $"IF OBJECT_ID(N'{table}', N'U') IS NULL CREATE TABLE {table} ({columns})";

    public string Rename(string table, string name) => $"EXEC sys.sp_rename N'{table}', N'{name}'";

    public string ReplaceView(string view, string table) => $"CREATE OR ALTER VIEW {view} AS SELECT * FROM {table}";

    public async Task<DbTransaction> BeginSnapshot(DbConnection connection, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        await Execute(transaction, ReadGate, cancellationToken);
        return transaction;
    }

    public Task Write(DbTransaction transaction, string table, RowSet rows, CancellationToken cancellationToken) =>
        Execute(transaction, Merge(rows.Table, table), cancellationToken, ("rows", JsonSerializer.Serialize(rows.Sorted())));

    public async Task<Dictionary<SubjectKey, string>> ReadSubjects(DbTransaction transaction, SubjectKey[] subjects, CancellationToken cancellationToken)
    {
        await using var command = ProjectionRegistry.In(transaction, SelectSubjects, ("rows", Rows(subjects.Select(key => new SubjectRow(key, "", 0)))));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var seen = new Dictionary<SubjectKey, string>(subjects.Length);
        while (await reader.ReadAsync(cancellationToken)) seen[new SubjectKey(reader.GetString(0), reader.GetInt32(1), reader.GetString(2))] = reader.GetString(3);
        return seen;
    }

    public async Task WriteSubjects(DbTransaction transaction, IReadOnlyList<SubjectRow> added, IReadOnlyList<SubjectRow> changed, CancellationToken cancellationToken)
    {
        if (added.Count > 0) await Execute(transaction, InsertSubjects, cancellationToken, ("rows", Rows(added)));
        if (changed.Count > 0) await Execute(transaction, UpdateSubjects, cancellationToken, ("rows", Rows(changed)));
    }

    /// <summary>Writes the rows of <c>@rows</c>, an array of arrays, into a table by its rule. Nobody else writes meanwhile, so what is not there is not there a moment later.</summary>
    internal static string Merge(ProjectionTable table, string name)
    {
        var typed = string.Join(", ", table.Columns.Select((column, index) => $"{column.Name} {JsonTypeOf(column)} '$[{index}]'"));
        var rows = $"OPENJSON(@rows) WITH ({typed}) AS n";
        var same = string.Join(" AND ", table.KeyIndexes.Select(index => $"t.{table.Columns[index].Name} = n.{table.Columns[index].Name}{(table.Columns[index].Type == ColumnType.Text ? " " + Exactly : "")}"));
        var insert = $"""
            INSERT INTO {name} ({string.Join(", ", table.Columns.Select(column => column.Name))})
            SELECT {string.Join(", ", table.Columns.Select(column => "n." + column.Name))} FROM {rows} WHERE NOT EXISTS (SELECT 1 FROM {name} AS t WHERE {same})
            """;
        return MergeSql.Update(table) is { } update ? $"UPDATE t SET {update.Set} FROM {name} AS t JOIN {rows} ON {same}{update.Where};\n{insert}" : insert;
    }

    private static string Rows(IEnumerable<SubjectRow> rows) =>
        JsonSerializer.Serialize(rows.Select(row => new object[] { row.Key.Projection, row.Key.Generation, row.Key.Subject, row.Seen, row.Missing }));

    private static string JsonTypeOf(ProjectionColumn column) => column.Type switch
    {
        ColumnType.Text => $"NVARCHAR({column.Length})",
        ColumnType.Number => "BIGINT",
        _ => "INTEGER",
    };

    // A lock that was not granted is told by a number, and by nothing else.
    private static string Gate(string resource, string mode, int milliseconds = -1)
    {
        var granted = "@" + resource.Split('.')[^1];
        return $"""
            DECLARE {granted} INT; EXEC {granted} = sys.sp_getapplock @Resource = N'{resource}', @LockMode = N'{mode}', @LockTimeout = {milliseconds};
            IF {granted} < 0 THROW 50000, N'The lock {resource} was not to be had.', 1
            """;
    }
}
