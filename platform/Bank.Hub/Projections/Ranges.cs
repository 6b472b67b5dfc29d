using System.Globalization;
using System.Text;

namespace Bank.Hub.Projections;

/// <summary>A set of whole numbers from zero on, held as ranges; written as <c>0-57,60-61</c>.</summary>
internal sealed class Ranges
{
    // Sorted, and neither touching nor overlapping.
    private readonly List<(long From, long To)> ranges = [];

    /// <summary>How many numbers are missing from zero to the highest.</summary>
    public long Missing
    {
        get
        {
            var (missing, next) = (0L, 0L);
            foreach (var (from, to) in ranges) (missing, next) = (missing + from - next, to + 1);
            return missing;
        }
    }

    /// <summary>How many numbers it holds.</summary>
    public long Count => ranges.Sum(range => range.To - range.From + 1);

    /// <summary>The last number up to which none is missing; -1 when zero is.</summary>
    public long Prefix => ranges is [(0, var to), ..] ? to : -1;

    public static Ranges Parse(string text)
    {
        var parsed = new Ranges();
        if (text.Length == 0) return parsed;
        foreach (var part in text.AsSpan().Split(','))
        {
            var range = text.AsSpan()[part];
            var dash = range.IndexOf('-');
            parsed.ranges.Add((Number(dash < 0 ? range : range[..dash]), Number(dash < 0 ? range : range[(dash + 1)..])));
        }

        return parsed;
    }

    /// <summary>Whether it holds all numbers of a range; true for an empty range.</summary>
    public bool Covers(long from, long to) => from > to || ranges.Exists(range => range.From <= from && to <= range.To);

    /// <summary>Adds the numbers of a range; nothing when it is empty.</summary>
    public void Add(long from, long to)
    {
        if (from > to) return;
        var first = 0;
        while (first < ranges.Count && ranges[first].To < from - 1) first++;
        var behind = first;
        while (behind < ranges.Count && ranges[behind].From <= to + 1)
        {
            (from, to) = (Math.Min(from, ranges[behind].From), Math.Max(to, ranges[behind].To));
            behind++;
        }

        ranges.RemoveRange(first, behind - first);
        ranges.Insert(first, (from, to));
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (from, to) in ranges)
        {
            if (text.Length > 0) text.Append(',');
            text.Append(CultureInfo.InvariantCulture, $"{from}");
            if (to > from) text.Append(CultureInfo.InvariantCulture, $"-{to}");
        }

        return text.ToString();
    }

    private static long Number(ReadOnlySpan<char> text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
