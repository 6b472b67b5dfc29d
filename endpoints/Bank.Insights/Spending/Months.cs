using System.Globalization;

namespace Bank.Insights.Spending;

/// <summary>Months of the calendar as the tables hold them: 202603 for March 2026.</summary>
internal static class Months
{
    private const string Form = "yyyy-MM";
    private const int ToYear = 100;

    /// <param name="day">A day such as 2026-03-31.</param>
    /// <exception cref="FormatException">The text is no such day.</exception>
    public static int ToStored(string day) => ToStored(DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture));

    public static int ToStored(DateOnly day) => (day.Year * ToYear) + day.Month;

    public static string ToText(int month) => new DateOnly(month / ToYear, month % ToYear, 1).ToString(Form, CultureInfo.InvariantCulture);

    /// <param name="text">A month such as 2026-03.</param>
    /// <param name="first">Its first day.</param>
    public static bool TryParse(string text, out DateOnly first) => DateOnly.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out first);
}
