namespace Bank.Hub.Projections;

/// <summary>Collects the rows that events make. Rows of one key are merged by the rule of their table.</summary>
public sealed class ProjectionBatch
{
    private readonly Dictionary<ProjectionTable, RowSet> tables = [];

    internal IReadOnlyDictionary<ProjectionTable, RowSet> Tables => tables;

    /// <summary>Adds a row.</summary>
    /// <typeparam name="TRow">What the row is made of.</typeparam>
    public void Add<TRow>(ProjectionTable<TRow> table, TRow row) => RowsOf(table).Add(table.ToValues(row));

    internal void Add(ProjectionBatch other)
    {
        foreach (var (table, rows) in other.tables) RowsOf(table).Add(rows);
    }

    private RowSet RowsOf(ProjectionTable table) => tables.TryGetValue(table, out var rows) ? rows : tables[table] = new RowSet(table);
}
