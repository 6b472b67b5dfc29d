namespace Bank.Hub.Projections;

/// <summary>The rule of a table in SQL. The table must be named <c>t</c> in the statement.</summary>
internal static class MergeSql
{
    /// <summary>As PostgreSQL and SQLite write it.</summary>
    public static string OnConflict(ProjectionTable table)
    {
        var conflict = $"ON CONFLICT ({string.Join(", ", table.KeyColumns)}) ";
        return Update(table, "excluded") is { } update ? $"{conflict}DO UPDATE SET {update.Set}{update.Where}" : conflict + "DO NOTHING";
    }

    /// <summary>What an update of rows that are there has to do.</summary>
    /// <param name="table">The table.</param>
    /// <param name="next">The name of the rows that came.</param>
    /// <returns>Null when they stay as they are; <c>Where</c> begins with a space, or is empty.</returns>
    public static (string Set, string Where)? Update(ProjectionTable table, string next = "n") => table.Rule switch
    {
        MergeRule.Newest newest => (Set(table, column => $"{next}.{column}"), $" WHERE {next}.{table.Columns[newest.Column].Name} > t.{table.Columns[newest.Column].Name}"),
        MergeRule.FilledIn filledIn => (Set(table, column => Filled(column, filledIn.Greatest.Any(index => table.Columns[index].Name == column), next)), ""),
        _ => null,
    };

    private static string Set(ProjectionTable table, Func<string, string> value) =>
        string.Join(", ", table.Columns.Where((_, index) => !table.KeyIndexes.Contains(index)).Select(column => $"{column.Name} = {value(column.Name)}"));

    private static string Filled(string column, bool isGreatest, string next) =>
        isGreatest ? $"CASE WHEN t.{column} IS NULL OR {next}.{column} > t.{column} THEN {next}.{column} ELSE t.{column} END" : $"COALESCE(t.{column}, {next}.{column})";
}
