using System.Data.Common;
using Bank.Hub.Projections;
using Bank.Insights.Spending;

namespace Bank.Insights.Http;

/// <summary>What an account spends its money on, and with whom it deals.</summary>
internal static class SpendingQueries
{
    private const int UsualCounterparties = 10;
    private const int Billion = 1_000_000_000;

    public static void MapSpending(this IEndpointRouteBuilder app)
    {
        app.MapGet("/accounts/{id}/spending", Spending).WithSummary("What was spent, by month of the value date and by category.");
        app.MapGet("/accounts/{id}/counterparties", Counterparties).WithSummary("The accounts with which most money was exchanged, the greatest first.");
    }

    public static IResult NotFound(string id) =>
        Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "Unknown account", detail: $"Nothing has been heard of an account '{id}'.");

    private static async Task<IResult> Spending(string id, HttpRequest request, ProjectionQueries queries, TimeProvider clock, CancellationToken cancellationToken)
    {
        var query = new QueryParameters(request.Query);
        var (from, to) = query.Months(Today(clock));
        if (query.Problem is { } problem) return problem;
        if (!await IsKnown(id, queries, cancellationToken)) return NotFound(id);
        var rows = await queries.All(
            $"""
            SELECT m.value_month, COALESCE(c.category, m.category), m.currency, COUNT(*), {Sum("-m.amount")}
            FROM movement m LEFT JOIN transfer_category c ON c.transfer_id = m.transfer_id
            WHERE m.account_id = @account AND m.amount < 0 AND m.value_month BETWEEN @from AND @to
            GROUP BY m.value_month, COALESCE(c.category, m.category), m.currency
            """,
            row => new SpentRow(row.GetInt32(0), row.GetString(1), row.GetString(2), Read(row, 4), row.GetInt64(3)), cancellationToken,
            ("account", id), ("from", from), ("to", to));
        var months = rows.GroupBy(row => row.Month).OrderBy(month => month.Key).Select(month => new MonthView(
            Months.ToText(month.Key), MoneyView.Of(month.Aggregate(Int128.Zero, (sum, row) => sum + row.Amount), month.Select(row => row.Currency).Distinct().Single()),
            [.. month.OrderByDescending(row => row.Amount).ThenBy(row => row.Category, StringComparer.Ordinal).Select(row => new CategoryView(row.Category, row.Count, MoneyView.Of(row.Amount, row.Currency)))]));
        return Results.Ok(new { accountId = id, from = Months.ToText(from), to = Months.ToText(to), months });
    }

    private static async Task<IResult> Counterparties(string id, HttpRequest request, ProjectionQueries queries, TimeProvider clock, CancellationToken cancellationToken)
    {
        var query = new QueryParameters(request.Query);
        var (from, to) = query.Months(Today(clock));
        var limit = query.Limit(UsualCounterparties);
        if (query.Problem is { } problem) return problem;
        if (!await IsKnown(id, queries, cancellationToken)) return NotFound(id);
        var counterparties = await queries.All(
            $"""
            SELECT counterparty_id, currency, COUNT(*), {Sum("CASE WHEN amount < 0 THEN -amount ELSE 0 END")}, {Sum("CASE WHEN amount > 0 THEN amount ELSE 0 END")}
            FROM movement WHERE account_id = @account AND counterparty_id IS NOT NULL AND value_month BETWEEN @from AND @to
            GROUP BY counterparty_id, currency
            ORDER BY {Billions("ABS(amount)")} + {Rest("ABS(amount)")} / {Billion} DESC, {Rest("ABS(amount)")} % {Billion} DESC, counterparty_id LIMIT @limit
            """,
            row => new CounterpartyView(row.GetString(0), row.GetInt64(2), MoneyView.Of(Read(row, 3), row.GetString(1)), MoneyView.Of(Read(row, 5), row.GetString(1))),
            cancellationToken, ("account", id), ("from", from), ("to", to), ("limit", limit));
        return Results.Ok(new { accountId = id, from = Months.ToText(from), to = Months.ToText(to), counterparties });
    }

    /// <summary>Whether any event of the account has come.</summary>
    public static Task<bool> IsKnown(string id, ProjectionQueries queries, CancellationToken cancellationToken) =>
        queries.IsKnown(SpendingProjection.ProjectionName, id, cancellationToken);

    // Billions apart from the rest: sums need not fit 64 bits, although every booking does.
    private static string Sum(string amount) => $"{Billions(amount)}, {Rest(amount)}";

    private static string Billions(string amount) => $"CAST(SUM(({amount}) / {Billion}) AS BIGINT)";

    private static string Rest(string amount) => $"CAST(SUM(({amount}) % {Billion}) AS BIGINT)";

    private static Int128 Read(DbDataReader row, int column) => ((Int128)row.GetInt64(column) * Billion) + row.GetInt64(column + 1);

    private static DateOnly Today(TimeProvider clock) => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    private sealed record SpentRow(int Month, string Category, string Currency, Int128 Amount, long Count);
}

/// <summary>What was spent in a month.</summary>
internal sealed record MonthView(string Month, MoneyView Total, IReadOnlyList<CategoryView> Categories);

/// <summary>What was spent on something.</summary>
internal sealed record CategoryView(string Category, long Payments, MoneyView Amount);

/// <summary>An account that money was exchanged with.</summary>
internal sealed record CounterpartyView(string CounterpartyId, long Payments, MoneyView Paid, MoneyView Received);
