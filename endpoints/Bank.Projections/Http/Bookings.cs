using Bank.Hub.Projections;
using Bank.Projections.Storage;

namespace Bank.Projections.Http;

/// <summary>The bookings of one account by value date, as they were known at an instant.</summary>
/// <param name="accountId">The account.</param>
/// <param name="currency">Its currency.</param>
/// <param name="knownAt">What was recorded later is left out; null leaves out nothing.</param>
/// <param name="queries">Reads the tables.</param>
internal sealed class Bookings(string accountId, string currency, DateTimeOffset? knownAt, ProjectionQueries queries)
{
    private const string Known = "account_id = @id AND is_booking = 1 AND recorded_at <= @known";

    // Billions apart from the rest: what counts up to a day need not fit 64 bits, although every balance in order of recording does.
    private const string Sums = "COALESCE(CAST(SUM(amount / 1000000000) AS BIGINT), 0), COALESCE(CAST(SUM(amount % 1000000000) AS BIGINT), 0)";

    /// <summary>The balance at the end of a day, in minor units; of all days when null.</summary>
    public async Task<Int128> Balance(DateOnly? day, CancellationToken cancellationToken) =>
        (await queries.All(
            $"SELECT {Sums} FROM statement_line WHERE {Known} AND value_date <= @day", reader => Sum(reader, 0), cancellationToken,
            ("id", accountId), KnownAt, ("day", Stored(day, int.MaxValue))))[0];

    /// <summary>By how much each day with bookings changed the balance, and with how many bookings.</summary>
    public async Task<Dictionary<DateOnly, (Int128 Change, long Count)>> Changes(DateOnly from, DateOnly to, CancellationToken cancellationToken) =>
        (await queries.All(
            $"SELECT value_date, {Sums}, COUNT(*) FROM statement_line WHERE {Known} AND value_date BETWEEN @from AND @to GROUP BY value_date",
            reader => (Day: Days.FromStored(reader.GetInt32(0)), Change: Sum(reader, 1), Count: reader.GetInt64(3)), cancellationToken,
            ("id", accountId), KnownAt, ("from", Days.ToStored(from)), ("to", Days.ToStored(to))))
        .ToDictionary(row => row.Day, row => (row.Change, row.Count));

    /// <summary>A page of bookings by value date, then by version, each with the balance after it in that order.</summary>
    /// <param name="from">The first day; null for the first there is.</param>
    /// <param name="to">The last day; null for the last there is.</param>
    /// <param name="after">The booking before the page; null for the first page.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The balance before the page, and the page.</returns>
    public async Task<(MoneyView Opening, List<StatementLine> Lines)> Page(
        DateOnly? from, DateOnly? to, (DateOnly Day, long Version)? after, int limit, CancellationToken cancellationToken)
    {
        // Before the first booking of a day every version is above -1: one condition serves first pages and later ones.
        var (day, version) = after is { } last ? (Days.ToStored(last.Day), last.Version) : (Stored(from, int.MinValue), -1);
        var before = await queries.All(
            $"SELECT {Sums} FROM statement_line WHERE {Known} AND (value_date < @day OR (value_date = @day AND version <= @version))",
            reader => Sum(reader, 0), cancellationToken, ("id", accountId), KnownAt, ("day", day), ("version", version));
        var lines = await queries.All(
            $"""
            SELECT {StatementLine.Columns} FROM statement_line
            WHERE {Known} AND (value_date > @day OR (value_date = @day AND version > @version)) AND value_date <= @to ORDER BY value_date, version LIMIT @limit
            """,
            StatementLine.Read, cancellationToken,
            ("id", accountId), KnownAt, ("day", day), ("version", version), ("to", Stored(to, int.MaxValue)), ("limit", limit));
        var balance = before[0];
        for (var index = 0; index < lines.Count; index++)
        {
            balance += lines[index].AmountUnits;
            lines[index] = lines[index] with { Balance = MoneyView.Of(balance, currency) };
        }

        return (MoneyView.Of(before[0], currency), lines);
    }

    /// <returns>The value date of a booking; null when there is none of this version.</returns>
    public async Task<DateOnly?> ValueDateOf(long version, CancellationToken cancellationToken)
    {
        var days = await queries.All(
            $"SELECT value_date FROM statement_line WHERE {Known} AND version = @version", reader => Days.FromStored(reader.GetInt32(0)), cancellationToken,
            ("id", accountId), KnownAt, ("version", version));
        return days.Count == 0 ? null : days[0];
    }

    private (string, object?) KnownAt => ("known", knownAt is { } instant ? Instants.ToStored(instant) : long.MaxValue);

    private static int Stored(DateOnly? day, int whenNull) => day is { } known ? Days.ToStored(known) : whenNull;

    private static Int128 Sum(System.Data.Common.DbDataReader reader, int column) => ((Int128)reader.GetInt64(column) * 1_000_000_000) + reader.GetInt64(column + 1);
}
