using System.Data.Common;
using static Bank.Hub.HubSql;

namespace Bank.Hub.Projections;

/// <summary>Creates and drops the tables of generations, and the views through which queries read them.</summary>
internal static class ProjectionTables
{
    public static async Task Create(DbTransaction transaction, DeclaredProjection projection, Generation generation, IProjectionDialect dialect, CancellationToken cancellationToken)
    {
        foreach (var table in projection.Tables)
        {
            foreach (var statement in CreateStatements(table, generation.Number, dialect)) await Execute(transaction, statement, cancellationToken);
        }
    }

    /// <summary>Lets queries read a generation.</summary>
    public static async Task Show(DbTransaction transaction, DeclaredProjection projection, Generation generation, IProjectionDialect dialect, CancellationToken cancellationToken)
    {
        foreach (var table in projection.Tables) await Execute(transaction, dialect.ReplaceView(table.Name, generation.TableOf(table)), cancellationToken);
    }

    public static async Task Drop(DbTransaction transaction, Generation generation, CancellationToken cancellationToken)
    {
        foreach (var table in TablesOf(generation)) await Execute(transaction, $"DROP TABLE IF EXISTS {Generation.NameOf(table, generation.Number)}", cancellationToken);
    }

    /// <summary>Views of tables that the newest version no longer has.</summary>
    public static async Task Hide(DbTransaction transaction, Generation old, DeclaredProjection projection, CancellationToken cancellationToken)
    {
        foreach (var table in TablesOf(old).Except(projection.Tables.Select(table => table.Name))) await Execute(transaction, $"DROP VIEW IF EXISTS {table}", cancellationToken);
    }

    internal static IEnumerable<string> CreateStatements(ProjectionTable table, int generation, IProjectionDialect dialect)
    {
        var name = Generation.NameOf(table.Name, generation);
        var columns = table.Columns.Select(column => $"{column.Name} {dialect.TypeOf(column)}{(column.IsNullable ? "" : " NOT NULL")}");
        yield return $"CREATE TABLE {name} ({string.Join(", ", columns)}, PRIMARY KEY ({string.Join(", ", table.KeyColumns)}))";
        foreach (var index in table.Indexes) yield return $"CREATE INDEX {index.Name}__{generation} ON {name} ({string.Join(", ", index.Columns)})";
    }

    // The shape begins, table by table, with its name: what was declared when the generation was made, whatever is declared today.
    private static IEnumerable<string> TablesOf(Generation generation) => generation.Shape.Split('\n').Select(shape => shape.Split('|')[0]);
}
