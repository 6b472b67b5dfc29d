using System.Globalization;

namespace Bank.Projections.Pictures;

/// <summary>Chooses the days that are named on the axis of a picture: as many as fit, at round distances.</summary>
internal static class CalendarTicks
{
    private static readonly Func<DateOnly, int, bool>[] FromFineToCoarse =
    [
        .. new[] { 1, 2, 7, 14 }.Select(days => (Func<DateOnly, int, bool>)((_, index) => index % days == 0)),
        .. new[] { 1, 3, 6 }.Select(months => (Func<DateOnly, int, bool>)((day, _) => day.Day == 1 && (day.Month - 1) % months == 0)),
        .. new[] { 1, 2, 5 }.Select(years => (Func<DateOnly, int, bool>)((day, _) => day.DayOfYear == 1 && day.Year % years == 0)),
    ];

    /// <param name="from">The first day.</param>
    /// <param name="count">The number of days.</param>
    /// <param name="most">At most so many are named; one or more.</param>
    /// <returns>The named days as indexes from the first day; at least one.</returns>
    public static IReadOnlyList<(int Index, string Label)> Of(DateOnly from, int count, int most)
    {
        foreach (var isNamed in FromFineToCoarse)
        {
            var ticks = Enumerable.Range(0, count).Where(index => isNamed(from.AddDays(index), index)).Take(most + 1).ToArray();
            if (ticks.Length >= 1 && ticks.Length <= most) return [.. ticks.Select(index => Named(from, index))];
        }

        return [Named(from, 0)];
    }

    private static (int Index, string Label) Named(DateOnly from, int index) => (index, from.AddDays(index).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
}
