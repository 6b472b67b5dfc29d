namespace Bank.Hub.Projections;

/// <summary>Rows of a table, one for each key.</summary>
internal sealed class RowSet(ProjectionTable table)
{
    private readonly Dictionary<object?[], object?[]> rows = new(new SameKey(table.KeyIndexes));

    public ProjectionTable Table => table;

    public int Count => rows.Count;

    public void Add(object?[] row) => rows[row] = rows.TryGetValue(row, out var present) ? table.Rule.Merge(present, row) : row;

    public void Add(RowSet others)
    {
        foreach (var row in others.rows.Values) Add(row);
    }

    /// <summary>The rows by key: whoever writes several does so in the same order, so that two writers never wait for each other in a circle.</summary>
    public object?[][] Sorted()
    {
        object?[][] sorted = [.. rows.Values];
        Array.Sort(sorted, Compare);
        return sorted;
    }

    private int Compare(object?[]? left, object?[]? right)
    {
        foreach (var column in table.KeyIndexes)
        {
            var order = left![column] is string text ? string.CompareOrdinal(text, (string)right![column]!) : ((IComparable)left[column]!).CompareTo(right![column]);
            if (order != 0) return order;
        }

        return 0;
    }

    private sealed class SameKey(IReadOnlyList<int> key) : IEqualityComparer<object?[]>
    {
        public bool Equals(object?[]? left, object?[]? right)
        {
            foreach (var column in key)
            {
                if (!left![column]!.Equals(right![column])) return false;
            }

            return true;
        }

        public int GetHashCode(object?[] row)
        {
            var hash = default(HashCode);
            foreach (var column in key) hash.Add(row[column]);
            return hash.ToHashCode();
        }
    }
}
