namespace Bank.Hub.Projections;

/// <summary>What becomes of two rows of one key. Every rule gives the same result in whatever order, and however often, rows come.</summary>
public abstract record MergeRule
{
    private MergeRule()
    {
    }

    /// <summary>Merges two rows of one key, values in the order of the table's columns.</summary>
    internal abstract object?[] Merge(object?[] present, object?[] next);

    /// <summary>A row says the same each time it comes; the first one stays.</summary>
    internal sealed record WrittenOnce : MergeRule
    {
        internal override object?[] Merge(object?[] present, object?[] next) => present;
    }

    /// <summary>The row with the highest number in a column stays; rows with the same number say the same.</summary>
    /// <param name="Column">The index of the column.</param>
    internal sealed record Newest(int Column) : MergeRule
    {
        internal override object?[] Merge(object?[] present, object?[] next) => IsGreater(next[Column], present[Column]) ? next : present;
    }

    /// <summary>Each column by itself: the greatest value, or else the one that is known first. What is known of a column of the second kind is the same each time.</summary>
    /// <param name="Greatest">The indexes of the columns whose greatest value stays.</param>
    internal sealed record FilledIn(IReadOnlySet<int> Greatest) : MergeRule
    {
        internal override object?[] Merge(object?[] present, object?[] next)
        {
            var merged = new object?[present.Length];
            for (var column = 0; column < merged.Length; column++)
                merged[column] = Greatest.Contains(column) && IsGreater(next[column], present[column]) ? next[column] : present[column] ?? next[column];
            return merged;
        }
    }

    // Nothing is less than any number.
    private static bool IsGreater(object? next, object? present) =>
        next is not null && (present is null || ((IComparable)next).CompareTo(present) > 0);
}
