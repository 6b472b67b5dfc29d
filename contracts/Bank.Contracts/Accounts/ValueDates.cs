using System.Globalization;

namespace Bank.Contracts.Accounts;

/// <summary>The day from which money counts, as the messages carry it: a date of ISO 8601, <c>yyyy-MM-dd</c>, of the calendar in UTC.</summary>
/// <remarks>Text, since <c>netstandard2.0</c> has no type for a day. Texts of this form sort as the days do.</remarks>
public static class ValueDates
{
    private const string Form = "yyyy-MM-dd";

    /// <summary>The value date of a booking. Events of before value dates existed carry none: their money counts from the day in UTC on which they were recorded.</summary>
    /// <param name="valueDate">What the event says; null when it says nothing.</param>
    /// <param name="occurredAt">When the bank recorded the event.</param>
    public static string Of(string? valueDate, DateTimeOffset occurredAt) => valueDate ?? occurredAt.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture);

    /// <summary>Whether a text is a day of the calendar, written <c>yyyy-MM-dd</c>.</summary>
    public static bool IsWellFormed(string? text) => DateTime.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
