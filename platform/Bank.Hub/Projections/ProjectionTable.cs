namespace Bank.Hub.Projections;

/// <summary>A table that a projection writes: its columns, its key, its indexes, and what becomes of rows of one key.</summary>
public abstract class ProjectionTable
{
    private const int LongestName = 40;

    private readonly List<ProjectionColumn> columns = [];
    private readonly List<ProjectionIndex> indexes = [];
    private int[] key = [];

    private protected ProjectionTable(string name) => Name = Checked(name);

    /// <summary>The name under which queries read it.</summary>
    public string Name { get; }

    /// <summary>Its columns.</summary>
    public IReadOnlyList<ProjectionColumn> Columns => columns;

    /// <summary>The columns of its key.</summary>
    public IEnumerable<string> KeyColumns => key.Select(column => columns[column].Name);

    /// <summary>Its indexes besides the key.</summary>
    public IReadOnlyList<ProjectionIndex> Indexes => indexes;

    internal IReadOnlyList<int> KeyIndexes => key;

    internal MergeRule Rule { get; private protected set; } = new MergeRule.WrittenOnce();

    /// <summary>Everything that says what the table is, as one text: two tables of one shape can hold the same rows.</summary>
    internal string Shape => string.Join(
        '|', [Name, string.Join(',', columns.Select(column => $"{column.Name} {column.Type} {column.Length} {column.IsNullable}")), string.Join(',', key), Describe(Rule)]);

    /// <exception cref="InvalidOperationException">The declaration lacks a key, or the rule names a column of the wrong kind.</exception>
    internal void Check()
    {
        if (key.Length == 0) throw new InvalidOperationException($"The table {Name} has no key.");
        if (key.Any(column => columns[column].IsNullable)) throw new InvalidOperationException($"The table {Name} has a key that may be null.");
        var compared = Rule switch { MergeRule.Newest newest => [newest.Column], MergeRule.FilledIn filledIn => filledIn.Greatest, _ => Array.Empty<int>().AsEnumerable() };
        if (compared.Any(column => columns[column].Type == ColumnType.Text)) throw new InvalidOperationException($"The table {Name} compares texts, whose order differs from database to database.");
        if (Rule is MergeRule.Newest { Column: var number } && columns[number].IsNullable) throw new InvalidOperationException($"The table {Name} keeps the newest by a column that may be null.");
    }

    private protected void AddColumn(string name, ColumnType type, int length, bool isNullable)
    {
        if (columns.Any(column => column.Name == name)) throw new ArgumentException($"The table {Name} has two columns {name}.", nameof(name));
        columns.Add(new ProjectionColumn(Checked(name), type, length, isNullable));
    }

    private protected void SetKey(string[] names) => key = [.. names.Select(IndexOf)];

    private protected void AddIndex(string name, string[] names) => indexes.Add(new ProjectionIndex(Checked(name), [.. names.Select(column => columns[IndexOf(column)].Name)]));

    private protected int IndexOf(string name)
    {
        var index = columns.FindIndex(column => column.Name == name);
        return index >= 0 ? index : throw new ArgumentException($"The table {Name} has no column {name}.", nameof(name));
    }

    private static string Describe(MergeRule rule) => rule switch
    {
        MergeRule.Newest newest => $"newest {newest.Column}",
        MergeRule.FilledIn filledIn => $"filled in {string.Join(' ', filledIn.Greatest.Order())}",
        _ => "once",
    };

    // Names become part of statements, with the number of a generation behind them.
    private static string Checked(string name) =>
        name.Length is > 0 and <= LongestName && char.IsAsciiLetterLower(name[0]) && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_')
        && !name.Contains("__", StringComparison.Ordinal)
            ? name
            : throw new ArgumentException($"'{name}' is not a name of 1 to {LongestName} lower-case letters, digits and single underscores.", nameof(name));
}

/// <summary>An index of a projection's table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">Its columns, in order.</param>
public sealed record ProjectionIndex(string Name, IReadOnlyList<string> Columns);
