using System.Globalization;

namespace Bank.ServiceBus;

/// <summary>Instants as they travel in headers: <c>yyyy-MM-dd HH:mm:ss:ffffff Z</c>, UTC, 28 characters.</summary>
public static class DateTimeOffsetHelper
{
    private const string Format = "yyyy-MM-dd HH:mm:ss:ffffff Z";

    /// <summary>Writes an instant.</summary>
    public static string ToWireFormattedString(DateTimeOffset dateTime) =>
        dateTime.ToUniversalTime().ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>Reads an instant.</summary>
    /// <exception cref="FormatException">The text has another form.</exception>
    public static DateTimeOffset ToDateTimeOffset(string wireFormattedString)
    {
        ArgumentNullException.ThrowIfNull(wireFormattedString);
        return TryRead(wireFormattedString, out var instant)
            ? instant
            : throw new FormatException($"'{wireFormattedString}' is not an instant of the form {Format}.");
    }
    internal static bool TryRead(string text, out DateTimeOffset instant) =>
        DateTimeOffset.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out instant);
}
