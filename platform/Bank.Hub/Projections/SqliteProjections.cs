using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using static Bank.Hub.HubSql;

namespace Bank.Hub.Projections;

/// <summary>Projections in SQLite: whoever writes is alone, and readers keep the state that they began with, so there is nothing to lock.</summary>
internal sealed class SqliteProjections : IProjectionDialect
{
    public string? PrepareGate => null;

    public string? WriteGate => null;

    public string? ChangeGate => null;

    public string? SwapGate => null;

    public string? DropGate => null;

    public string? ReadGate => null;

    public string ForUpdate => "";

    public string LongText => "TEXT";

    public string CountTables => "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = @name";

    public string TypeOf(ProjectionColumn column) => column.Type switch
    {
        ColumnType.Text => $"VARCHAR({column.Length})",
        ColumnType.Number => "BIGINT",
        _ => "INTEGER",
    };

    public string ReplaceView(string view, string table) => $"DROP VIEW IF EXISTS {view}; CREATE VIEW {view} AS SELECT * FROM {table}";

    public Task<DbTransaction> BeginSnapshot(DbConnection connection, CancellationToken cancellationToken) =>
        Task.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(IsolationLevel.Serializable, deferred: true));

    public async Task Write(DbTransaction transaction, string table, RowSet rows, CancellationToken cancellationToken)
    {
        var columns = rows.Table.Columns;
        var names = string.Join(", ", columns.Select(column => column.Name));
        var values = string.Join(", ", columns.Select((_, index) => $"@c{index}"));
        await using var insert = Prepared(
            transaction, $"INSERT INTO {table} AS t ({names}) VALUES ({values}) {MergeSql.OnConflict(rows.Table)}", [.. columns.Select((_, index) => $"c{index}")]);
        foreach (var row in rows.Sorted()) await Run(insert, row, cancellationToken);
    }

    public async Task<Dictionary<SubjectKey, string>> ReadSubjects(DbTransaction transaction, SubjectKey[] subjects, CancellationToken cancellationToken)
    {
        await using var select = Prepared(
            transaction, "SELECT seen FROM projection_subject WHERE projection = @projection AND generation = @generation AND subject = @subject", "projection", "generation", "subject");
        var seen = new Dictionary<SubjectKey, string>(subjects.Length);
        foreach (var key in subjects)
        {
            Give(select, [key.Projection, key.Generation, key.Subject]);
            if (await select.ExecuteScalarAsync(cancellationToken) is string text) seen[key] = text;
        }

        return seen;
    }

    public async Task WriteSubjects(DbTransaction transaction, IReadOnlyList<SubjectRow> added, IReadOnlyList<SubjectRow> changed, CancellationToken cancellationToken)
    {
        await using var replace = Prepared(
            transaction, "REPLACE INTO projection_subject (projection, generation, subject, seen, missing) VALUES (@projection, @generation, @subject, @seen, @missing)",
            "projection", "generation", "subject", "seen", "missing");
        foreach (var row in added.Concat(changed)) await Run(replace, [row.Key.Projection, row.Key.Generation, row.Key.Subject, row.Seen, row.Missing], cancellationToken);
    }

    private static DbCommand Prepared(DbTransaction transaction, string text, params string[] parameters)
    {
        var command = Command(transaction.Connection!, text, [.. parameters.Select(name => (name, (object)DBNull.Value))]);
        command.Transaction = transaction;
        return command;
    }

    private static Task Run(DbCommand command, object?[] values, CancellationToken cancellationToken)
    {
        Give(command, values);
        return command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void Give(DbCommand command, object?[] values)
    {
        for (var index = 0; index < values.Length; index++) command.Parameters[index].Value = values[index] ?? DBNull.Value;
    }
}
