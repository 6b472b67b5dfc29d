using System.Globalization;
using Bank.Hub.Projections;
using Bank.Projections.Pictures;

namespace Bank.Projections.Http;

/// <summary>The balance of an account at the end of each day, by value date: as JSON, and as a picture.</summary>
internal static class EndOfDayQueries
{
    /// <summary>Ten years and their leap days.</summary>
    public const int MostDays = 3_653;

    private const int UsualDays = 30;

    public static void MapEndOfDay(this IEndpointRouteBuilder app)
    {
        app.MapGet("/accounts/{id}/end-of-day", EndOfDay).WithSummary("The balance at the end of each day by value date, also of days without bookings.");
        app.MapGet("/accounts/{id}/end-of-day.png", Picture).WithSummary("The same as a picture of the balance over time.")
            .Produces<Stream>(StatusCodes.Status200OK, "image/png");
    }

    private static async Task<IResult> EndOfDay(string id, HttpRequest request, ProjectionQueries queries, TimeProvider clock, CancellationToken cancellationToken)
    {
        var query = new QueryParameters(request.Query);
        var asked = Asked(query, clock);
        if (query.Problem is { } problem) return problem;
        if (await AccountQueries.Opened(id, queries, cancellationToken) is not { } account) return AccountQueries.NotFound(id);

        var (opening, days) = await Read(id, account.Currency, asked, queries, cancellationToken);
        return Results.Ok(new { accountId = id, from = asked.From, to = asked.To, knownAt = asked.KnownAt, opening, closing = days[^1].Balance, days });
    }

    private static async Task<IResult> Picture(string id, HttpRequest request, ProjectionQueries queries, TimeProvider clock, CancellationToken cancellationToken)
    {
        var query = new QueryParameters(request.Query);
        var asked = Asked(query, clock);
        var (width, height) = ((int)query.Number("width", 800, 300, 2_000), (int)query.Number("height", 400, 200, 2_000));
        if (query.Problem is { } problem) return problem;
        if (await AccountQueries.Opened(id, queries, cancellationToken) is not { } account) return AccountQueries.NotFound(id);

        var (_, days) = await Read(id, account.Currency, asked, queries, cancellationToken);
        var title = $"End-of-day balance of {id}" + (asked.KnownAt is { } knownAt ? $" as known at {knownAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z" : "");
        var balances = days.ConvertAll(day => double.Parse(day.Balance.Amount, CultureInfo.InvariantCulture));
        return Results.Bytes(BalancePicture.Draw(title, account.Currency, asked.From, balances, width, height), "image/png");
    }

    private static (DateOnly From, DateOnly To, DateTimeOffset? KnownAt) Asked(QueryParameters query, TimeProvider clock)
    {
        var knownAt = query.Instant("knownAt");
        var to = query.Day("to") ?? DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var from = query.Day("from") ?? DateOnly.FromDayNumber(Math.Max(0, to.DayNumber - UsualDays + 1));
        if (to < from) query.Refuse("to", $"{to:yyyy-MM-dd} is before the first day, {from:yyyy-MM-dd}.");
        else if (to.DayNumber - from.DayNumber >= MostDays) query.Refuse("from", $"is more than {MostDays} days before the last, {to:yyyy-MM-dd}.");
        return (from, to, knownAt);
    }

    private static async Task<(MoneyView Opening, List<DayView> Days)> Read(
        string id, string currency, (DateOnly From, DateOnly To, DateTimeOffset? KnownAt) asked, ProjectionQueries queries, CancellationToken cancellationToken)
    {
        var (from, to, knownAt) = asked;
        var bookings = new Bookings(id, currency, knownAt, queries);
        var opening = from == DateOnly.MinValue ? 0 : await bookings.Balance(from.AddDays(-1), cancellationToken);
        var changes = await bookings.Changes(from, to, cancellationToken);
        var balance = opening;
        var days = Enumerable.Range(from.DayNumber, to.DayNumber - from.DayNumber + 1).Select(DateOnly.FromDayNumber).Select(day =>
        {
            var (change, count) = changes.GetValueOrDefault(day);
            balance += change;
            return new DayView(day, count, MoneyView.Of(change, currency), MoneyView.Of(balance, currency));
        }).ToList();
        return (MoneyView.Of(opening, currency), days);
    }
}

/// <summary>A day of an account for readers.</summary>
internal sealed record DayView(DateOnly Date, long Bookings, MoneyView Change, MoneyView Balance);
