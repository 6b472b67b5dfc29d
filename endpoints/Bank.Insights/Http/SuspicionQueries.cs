using Bank.Hub.Projections;
using Bank.Insights.Velocity;

namespace Bank.Insights.Http;

/// <summary>What looked unusual.</summary>
internal static class SuspicionQueries
{
    private const int UsualLimit = 100;

    public static void MapSuspicions(this IEndpointRouteBuilder app)
    {
        app.MapGet("/suspicions", Latest).WithSummary("What was found on any account, the newest finding first.");
        app.MapGet("/accounts/{id}/suspicions", OfAccount).WithSummary("What was found on an account, the newest finding first.");
    }

    private static async Task<IResult> Latest(HttpRequest request, Suspicions suspicions, CancellationToken cancellationToken)
    {
        var query = new QueryParameters(request.Query);
        var limit = query.Limit(UsualLimit);
        return query.Problem ?? Results.Ok(new { suspicions = await suspicions.Latest(limit, cancellationToken) });
    }

    private static async Task<IResult> OfAccount(string id, HttpRequest request, ProjectionQueries queries, Suspicions suspicions, CancellationToken cancellationToken)
    {
        var query = new QueryParameters(request.Query);
        var limit = query.Limit(UsualLimit);
        if (query.Problem is { } problem) return problem;
        // Not every text that may stand in an address can name a stream.
        if (!await SpendingQueries.IsKnown(id, queries, cancellationToken)) return SpendingQueries.NotFound(id);
        return Results.Ok(new { accountId = id, suspicions = await suspicions.Of(id, limit, cancellationToken) });
    }
}
