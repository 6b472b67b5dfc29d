using Bank.Hub.Projections;

namespace Bank.Projections.Http;

/// <summary>The balance of an account at the end of each day, by value date.</summary>
internal static class EndOfDayQueries
{
    /// <summary>Ten years and their leap days.</summary>
    public const int MostDays = 3_653;

    private const int UsualDays = 30;

    public static void MapEndOfDay(this IEndpointRouteBuilder app) =>
        app.MapGet("/accounts/{id}/end-of-day", EndOfDay).WithSummary("The balance at the end of each day by value date, also of days without bookings.");

    private static async Task<IResult> EndOfDay(string id, HttpRequest request, ProjectionQueries queries, TimeProvider clock, CancellationToken cancellationToken)
    {
        var query = new QueryParameters(request.Query);
        var knownAt = query.Instant("knownAt");
        var to = query.Day("to") ?? DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var from = query.Day("from") ?? DateOnly.FromDayNumber(Math.Max(0, to.DayNumber - UsualDays + 1));
        if (to < from) query.Refuse("to", $"{to:yyyy-MM-dd} is before the first day, {from:yyyy-MM-dd}.");
        else if (to.DayNumber - from.DayNumber >= MostDays) query.Refuse("from", $"is more than {MostDays} days before the last, {to:yyyy-MM-dd}.");
        if (query.Problem is { } problem) return problem;
        if (await AccountQueries.Opened(id, queries, cancellationToken) is not { } account) return AccountQueries.NotFound(id);

        var bookings = new Bookings(id, account.Currency, knownAt, queries);
        var opening = from == DateOnly.MinValue ? 0 : await bookings.Balance(from.AddDays(-1), cancellationToken);
        var changes = await bookings.Changes(from, to, cancellationToken);
        var balance = opening;
        var days = Enumerable.Range(from.DayNumber, to.DayNumber - from.DayNumber + 1).Select(DateOnly.FromDayNumber).Select(day =>
        {
            var (change, count) = changes.GetValueOrDefault(day);
            balance += change;
            return new DayView(day, count, MoneyView.Of(change, account.Currency), MoneyView.Of(balance, account.Currency));
        }).ToList();
        return Results.Ok(new { accountId = id, from, to, knownAt, opening = MoneyView.Of(opening, account.Currency), closing = days[^1].Balance, days });
    }
}

/// <summary>A day of an account for readers.</summary>
internal sealed record DayView(DateOnly Date, long Bookings, MoneyView Change, MoneyView Balance);
