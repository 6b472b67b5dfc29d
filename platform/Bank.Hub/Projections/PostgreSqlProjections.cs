using System.Data;
using System.Data.Common;
using static Bank.Hub.HubSql;

namespace Bank.Hub.Projections;

/// <summary>Projections in PostgreSQL: rows travel as one array for each column.</summary>
internal sealed class PostgreSqlProjections : IProjectionDialect
{
    public string PrepareGate => "SELECT pg_advisory_xact_lock(7265615)";

    public string WriteGate => "LOCK TABLE projection_gate IN ROW SHARE MODE";

    public string ChangeGate => "LOCK TABLE projection_gate IN EXCLUSIVE MODE";

    public string SwapGate => "SET LOCAL lock_timeout = '1s'; LOCK TABLE projection_gate IN ACCESS EXCLUSIVE MODE";

    public string DropGate => "SET LOCAL lock_timeout = '1s'";

    public string ReadGate => "LOCK TABLE projection_gate IN ACCESS SHARE MODE";

    public string ForUpdate => " FOR UPDATE";

    public string LongText => "TEXT";

    public string CountTables => "SELECT COUNT(*) FROM pg_class WHERE relname = @name AND relkind = 'r' AND relnamespace = current_schema()::regnamespace";

    public string TypeOf(ProjectionColumn column) => column.Type switch
    {
        ColumnType.Text => $"VARCHAR({column.Length})",
        ColumnType.Number => "BIGINT",
        _ => "INTEGER",
    };

    public string ReplaceView(string view, string table) => $"DROP VIEW IF EXISTS {view}; CREATE VIEW {view} AS SELECT * FROM {table}";

    public async Task<DbTransaction> BeginSnapshot(DbConnection connection, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        // A lock takes no snapshot: the first query does, when no swap can come between any more.
        await Execute(transaction, ReadGate, cancellationToken);
        return transaction;
    }

    public async Task Write(DbTransaction transaction, string table, RowSet rows, CancellationToken cancellationToken)
    {
        var (columns, sorted) = (rows.Table.Columns, rows.Sorted());
        var names = string.Join(", ", columns.Select(column => column.Name));
        var arrays = string.Join(", ", columns.Select((column, index) => $"@c{index}::{ArrayOf(column)}"));
        await Execute(
            transaction, $"INSERT INTO {table} AS t ({names}) SELECT * FROM unnest({arrays}) {MergeSql.OnConflict(rows.Table)}", cancellationToken,
            [.. columns.Select((column, index) => ($"c{index}", Values(column, index, sorted)))]);
    }

    public async Task<Dictionary<SubjectKey, string>> ReadSubjects(DbTransaction transaction, SubjectKey[] subjects, CancellationToken cancellationToken)
    {
        // Locks the rows one by one in the order given, and adds those that are not there, which could not be locked: two writers never wait for each other in a circle.
        await using var command = Command(
            transaction.Connection!,
            """
            INSERT INTO projection_subject AS s (projection, generation, subject, seen, missing)
            SELECT projection, generation, subject, '', 0 FROM unnest(@projections::text[], @generations::integer[], @subjects::text[]) AS wanted (projection, generation, subject)
            ON CONFLICT (projection, generation, subject) DO UPDATE SET seen = s.seen WHERE false;
            SELECT s.projection, s.generation, s.subject, s.seen
            FROM unnest(@projections::text[], @generations::integer[], @subjects::text[]) AS wanted (projection, generation, subject)
            JOIN projection_subject s ON s.projection = wanted.projection AND s.generation = wanted.generation AND s.subject = wanted.subject
            """,
            Keys(subjects));
        command.Transaction = transaction;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var seen = new Dictionary<SubjectKey, string>(subjects.Length);
        while (await reader.ReadAsync(cancellationToken)) seen[new SubjectKey(reader.GetString(0), reader.GetInt32(1), reader.GetString(2))] = reader.GetString(3);
        return seen;
    }

    public async Task WriteSubjects(DbTransaction transaction, IReadOnlyList<SubjectRow> added, IReadOnlyList<SubjectRow> changed, CancellationToken cancellationToken)
    {
        const string rows = "unnest(@projections::text[], @generations::integer[], @subjects::text[], @seen::text[], @missing::bigint[])";
        if (added.Count > 0)
            await Execute(transaction, $"INSERT INTO projection_subject (projection, generation, subject, seen, missing) SELECT * FROM {rows}", cancellationToken, Rows(added));
        if (changed.Count == 0) return;
        await Execute(
            transaction,
            $"""
            UPDATE projection_subject s SET seen = n.seen, missing = n.missing FROM {rows} AS n (projection, generation, subject, seen, missing)
            WHERE s.projection = n.projection AND s.generation = n.generation AND s.subject = n.subject
            """,
            cancellationToken, Rows(changed));
    }

    private static (string, object)[] Keys(IReadOnlyList<SubjectKey> keys) =>
    [
        ("projections", keys.Select(key => key.Projection).ToArray()), ("generations", keys.Select(key => key.Generation).ToArray()),
        ("subjects", keys.Select(key => key.Subject).ToArray()),
    ];

    private static (string, object)[] Rows(IReadOnlyList<SubjectRow> rows) =>
        [.. Keys([.. rows.Select(row => row.Key)]), ("seen", rows.Select(row => row.Seen).ToArray()), ("missing", rows.Select(row => row.Missing).ToArray())];

    private static string ArrayOf(ProjectionColumn column) => column.Type switch
    {
        ColumnType.Text => "text[]",
        ColumnType.Number => "bigint[]",
        _ => "integer[]",
    };

    private static object Values(ProjectionColumn column, int index, object?[][] rows) => column.Type switch
    {
        ColumnType.Text => Array.ConvertAll(rows, row => (string?)row[index]),
        ColumnType.Number when column.IsNullable => Array.ConvertAll(rows, row => (long?)row[index]),
        ColumnType.Number => Array.ConvertAll(rows, row => (long)row[index]!),
        _ => Array.ConvertAll(rows, row => (int)row[index]!),
    };
}
