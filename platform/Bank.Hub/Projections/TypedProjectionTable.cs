namespace Bank.Hub.Projections;

/// <summary>A table and where the values of its columns come from. Declared once, then never changed.</summary>
/// <typeparam name="TRow">What a row is made of: an event, or a record that a projection makes of it.</typeparam>
public sealed class ProjectionTable<TRow> : ProjectionTable
{
    private readonly List<Func<TRow, object?>> values = [];

    /// <summary>Begins the declaration of a table.</summary>
    /// <param name="name">The name under which queries read it: lower-case letters, digits and single underscores, 40 at most.</param>
    public ProjectionTable(string name)
        : base(name)
    {
    }

    /// <summary>Adds a column of text.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="length">How many characters at most.</param>
    /// <param name="value">Its value, never null.</param>
    public ProjectionTable<TRow> Text(string name, int length, Func<TRow, string> value) => Add(name, ColumnType.Text, length, false, value);

    /// <summary>Adds a column of text that may be null.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="length">How many characters at most.</param>
    /// <param name="value">Its value.</param>
    public ProjectionTable<TRow> OptionalText(string name, int length, Func<TRow, string?> value) => Add(name, ColumnType.Text, length, true, value);

    /// <summary>Adds a column of 64-bit numbers.</summary>
    public ProjectionTable<TRow> Number(string name, Func<TRow, long> value) => Add(name, ColumnType.Number, 0, false, row => value(row));

    /// <summary>Adds a column of 64-bit numbers that may be null.</summary>
    public ProjectionTable<TRow> OptionalNumber(string name, Func<TRow, long?> value) => Add(name, ColumnType.Number, 0, true, row => value(row));

    /// <summary>Adds a column of 32-bit numbers.</summary>
    public ProjectionTable<TRow> Integer(string name, Func<TRow, int> value) => Add(name, ColumnType.Integer, 0, false, row => value(row));

    /// <summary>Names the columns of the key; rows that are equal in them are one row.</summary>
    public ProjectionTable<TRow> Key(params string[] columns)
    {
        SetKey(columns);
        return this;
    }

    /// <summary>Adds an index.</summary>
    public ProjectionTable<TRow> Index(string name, params string[] columns)
    {
        AddIndex(name, columns);
        return this;
    }

    /// <summary>Rule: a row says the same each time it comes, so the first one stays. The rule when none is chosen.</summary>
    public ProjectionTable<TRow> WrittenOnce()
    {
        Rule = new MergeRule.WrittenOnce();
        return this;
    }

    /// <summary>Rule: of the rows of a key, the one with the highest number in a column stays.</summary>
    public ProjectionTable<TRow> NewestBy(string column)
    {
        Rule = new MergeRule.Newest(IndexOf(column));
        return this;
    }

    /// <summary>
    /// Rule: each column by itself. Of those named here the greatest number stays; of the others the value that is known first, so rows must not disagree in what they know of them.
    /// </summary>
    public ProjectionTable<TRow> FilledIn(params string[] greatest)
    {
        Rule = new MergeRule.FilledIn(greatest.Select(IndexOf).ToHashSet());
        return this;
    }

    internal object?[] ToValues(TRow row)
    {
        var all = new object?[values.Count];
        for (var column = 0; column < all.Length; column++)
        {
            all[column] = values[column](row);
            if (all[column] is null && !Columns[column].IsNullable) throw new ArgumentException($"{Name}.{Columns[column].Name} is null.", nameof(row));
        }

        return all;
    }

    private ProjectionTable<TRow> Add(string name, ColumnType type, int length, bool isNullable, Func<TRow, object?> value)
    {
        AddColumn(name, type, length, isNullable);
        values.Add(value);
        return this;
    }
}
