using System.Globalization;

namespace Bank.Projections.Storage;

/// <summary>Days of the calendar as the tables hold them: counted since 1970, UTC.</summary>
internal static class Days
{
    private const string Form = "yyyy-MM-dd";
    private static readonly int First = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    public static int ToStored(DateOnly day) => day.DayNumber - First;

    /// <exception cref="FormatException">The text is no day such as 2026-03-31.</exception>
    public static int ToStored(string day) => ToStored(DateOnly.ParseExact(day, Form, CultureInfo.InvariantCulture));

    public static DateOnly FromStored(int days) => DateOnly.FromDayNumber(First + days);

    public static bool TryParse(string text, out DateOnly day) => DateOnly.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
}
