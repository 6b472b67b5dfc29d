namespace Bank.Hub.Projections;

/// <summary>The rule of a table as PostgreSQL and SQLite write it. The table must be named <c>t</c> in the statement.</summary>
internal static class MergeSql
{
    public static string OnConflict(ProjectionTable table)
    {
        var conflict = $"ON CONFLICT ({string.Join(", ", table.KeyColumns)}) ";
        return table.Rule switch
        {
            MergeRule.Newest newest => $"{conflict}DO UPDATE SET {Set(table, column => "excluded." + column)} WHERE excluded.{table.Columns[newest.Column].Name} > t.{table.Columns[newest.Column].Name}",
            MergeRule.FilledIn filledIn => $"{conflict}DO UPDATE SET {Set(table, column => Filled(column, filledIn.Greatest.Any(index => table.Columns[index].Name == column)))}",
            _ => conflict + "DO NOTHING",
        };
    }

    private static string Set(ProjectionTable table, Func<string, string> value) =>
        string.Join(", ", table.Columns.Where((_, index) => !table.KeyIndexes.Contains(index)).Select(column => $"{column.Name} = {value(column.Name)}"));

    private static string Filled(string column, bool isGreatest) =>
        isGreatest ? $"CASE WHEN t.{column} IS NULL OR excluded.{column} > t.{column} THEN excluded.{column} ELSE t.{column} END" : $"COALESCE(t.{column}, excluded.{column})";
}
