using System.Globalization;
using Bank.Contracts.Accounts;

namespace Bank.Accounts.Accounts;

/// <summary>From which day money may be made to count. Days are those of UTC: the same on every machine, without summer time.</summary>
internal static class ValueDate
{
    /// <summary>How far back an entry may be dated. Contracts and channels tell their readers.</summary>
    public const int MostDaysBack = 365;

    private const string Form = "yyyy-MM-dd";

    public static DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(instant.UtcDateTime);

    /// <summary>What was asked for, or the day of recording. Only for what <see cref="Refuse"/> lets pass.</summary>
    public static DateOnly Of(string? asked, DateTimeOffset now) =>
        asked is null ? DayOf(now) : DateOnly.ParseExact(asked, Form, CultureInfo.InvariantCulture);

    /// <returns>The reason of a refusal, or null.</returns>
    public static string? Refuse(Account account, string? asked, DateTimeOffset now)
    {
        if (asked is null) return null;
        if (!ValueDates.IsWellFormed(asked)) return DeclineReason.Malformed;
        var (day, today) = (Of(asked, now), DayOf(now));
        return day > today ? DeclineReason.ValueDateInFuture
            : day < account.OpenedOn ? DeclineReason.ValueDateBeforeOpening
            : today.DayNumber - day.DayNumber > MostDaysBack ? DeclineReason.ValueDateTooOld
            : null;
    }
}
