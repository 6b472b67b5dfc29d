using Bank.Hub.Projections;
using Bank.Projections.Projections;
using Bank.Projections.Storage;

namespace Bank.Projections.Http;

/// <summary>Transfers, and the ledger's proof that nothing was lost.</summary>
internal static class TransferQueries
{
    private const string Columns =
        "SELECT transfer_id, state, payer_account_id, payee_account_id, amount, currency, reference, reason, initiated_at, deadline, ended_at FROM transfer";

    private enum State
    {
        Initiated = TransferProjection.Initiated,
        Completed = TransferProjection.Completed,
        Failed = TransferProjection.Failed,
    }

    public static void MapTransfers(this IEndpointRouteBuilder app)
    {
        app.MapGet("/transfers", List).WithSummary("Transfers by id, a page at a time.");
        app.MapGet("/transfers/{id:guid}", One).WithSummary("One transfer.");
        app.MapGet("/ledger/trial-balance", TrialBalance).WithSummary("The sum of each ledger account, now, as of an instant, or as of a value date; zero for each currency.");
    }

    private static async Task<IResult> List(HttpRequest request, ProjectionQueries queries, CancellationToken cancellationToken)
    {
        var query = new QueryParameters(request.Query);
        var (limit, after, state) = (query.Limit(), query.Text("after"), query.Choice<State>("state"));
        if (query.Problem is { } problem) return problem;
        var where = state is null ? "" : " AND state = @state";
        List<(string, object?)> parameters = [("after", after), ("limit", limit)];
        if (state is { } wanted) parameters.Add(("state", (int)wanted));
        var rows = await queries.All($"{Columns} WHERE transfer_id > @after{where} ORDER BY transfer_id LIMIT @limit", Read, cancellationToken, [.. parameters]);
        return Results.Ok(new { transfers = rows, next = rows.Count == limit ? rows[^1].TransferId : null });
    }

    private static async Task<IResult> One(Guid id, ProjectionQueries queries, CancellationToken cancellationToken)
    {
        var rows = await queries.All($"{Columns} WHERE transfer_id = @id", Read, cancellationToken, ("id", id.ToString()));
        return rows.Count == 1
            ? Results.Ok(rows[0])
            : Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "Unknown transfer", detail: $"Nothing is known of a transfer '{id}'.");
    }

    private static async Task<IResult> TrialBalance(HttpRequest request, ProjectionQueries queries, CancellationToken cancellationToken)
    {
        var query = new QueryParameters(request.Query);
        var (asOf, valueDate) = (query.Instant("asOf"), query.Day("valueDate"));
        if (query.Problem is { } problem) return problem;
        // Billions apart from the rest: the amounts of many accounts together need not fit 64 bits.
        var rows = await queries.All(
            """
            SELECT currency, CASE WHEN ledger_account LIKE 'account:%' THEN 'accounts' ELSE ledger_account END AS name,
                CAST(SUM(amount / 1000000000) AS BIGINT), CAST(SUM(amount % 1000000000) AS BIGINT), COUNT(*)
            FROM ledger_entry WHERE occurred_at <= @at AND value_date <= @day GROUP BY 1, 2 ORDER BY 1, 2
            """,
            reader => (Currency: reader.GetString(0), Name: reader.GetString(1), Sum: ((Int128)reader.GetInt64(2) * 1_000_000_000) + reader.GetInt64(3), Entries: reader.GetInt64(4)),
            cancellationToken, ("at", asOf is { } instant ? Instants.ToStored(instant) : long.MaxValue),
            ("day", valueDate is { } day ? Days.ToStored(day) : int.MaxValue));
        return Results.Ok(new
        {
            asOf,
            valueDate,
            currencies = rows.GroupBy(row => row.Currency).Select(group => new
            {
                currency = group.Key,
                sum = MoneyView.Of(group.Aggregate((Int128)0, (sum, row) => sum + row.Sum), group.Key),
                accounts = group.Select(row => new { account = row.Name, sum = MoneyView.Of(row.Sum, row.Currency), entries = row.Entries }),
            }),
        });
    }

    private static TransferView Read(System.Data.Common.DbDataReader reader) => new(
        reader.GetString(0), ((State)reader.GetInt32(1)).ToString(), reader.GetString(2), reader.GetString(3),
        MoneyView.Of(reader.GetInt64(4), reader.GetString(5)), reader.Text(6), reader.Text(7), reader.Instant(8), reader.Instant(9), reader.Instant(10));
}

/// <summary>A transfer for readers.</summary>
internal sealed record TransferView(
    string TransferId, string State, string PayerAccountId, string PayeeAccountId, MoneyView Amount, string? Reference, string? Reason,
    DateTimeOffset? InitiatedAt, DateTimeOffset? Deadline, DateTimeOffset? EndedAt);
