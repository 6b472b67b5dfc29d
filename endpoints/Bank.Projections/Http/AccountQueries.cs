using Bank.Hub.Projections;
using Bank.Projections.Storage;

namespace Bank.Projections.Http;

/// <summary>Accounts, and their balances: now, at earlier instants, and by value date.</summary>
internal static class AccountQueries
{
    private const string Columns = """
        SELECT b.account_id, b.currency, b.balance, b.available, b.version, b.changed_at, a.opened_at, a.closed_at, a.overdraft_limit
        FROM account_balance b LEFT JOIN account a ON a.account_id = b.account_id
        """;

    public static void MapAccounts(this IEndpointRouteBuilder app)
    {
        app.MapGet("/accounts", List).WithSummary("Accounts by id, a page at a time.");
        app.MapGet("/accounts/{id}", One).WithSummary("One account: now, as of an instant, or its balance as of a value date and as known at an instant.");
    }

    private static async Task<IResult> List(HttpRequest request, ProjectionQueries queries, CancellationToken cancellationToken)
    {
        var query = new QueryParameters(request.Query);
        var (limit, after) = (query.Limit(), query.Text("after"));
        if (query.Problem is { } problem) return problem;
        var rows = await queries.All(
            $"{Columns} WHERE b.account_id > @after AND a.opened_at IS NOT NULL ORDER BY b.account_id LIMIT @limit", Row.Read, cancellationToken,
            ("after", after), ("limit", limit));
        return Results.Ok(new { accounts = rows.Select(row => row.View()), next = rows.Count == limit ? rows[^1].Id : null });
    }

    private static async Task<IResult> One(string id, HttpRequest request, ProjectionQueries queries, CancellationToken cancellationToken)
    {
        var query = new QueryParameters(request.Query);
        var (asOf, valueDate, knownAt) = (query.Instant("asOf"), query.Day("valueDate"), query.Instant("knownAt"));
        if (asOf is not null) query.RefuseBeside("asOf", "valueDate", "knownAt");
        if (query.Problem is { } problem) return problem;
        var rows = await queries.All($"{Columns} WHERE b.account_id = @id AND a.opened_at IS NOT NULL", Row.Read, cancellationToken, ("id", id));
        if (rows.Count == 0) return NotFound(id);
        if (valueDate is not null || knownAt is not null) return await ByValueDate(rows[0], valueDate, knownAt, queries, cancellationToken);
        if (asOf is { } instant) return await AsOf(id, instant, rows[0], queries, cancellationToken);
        var known = await queries.All("SELECT COUNT(*) FROM statement_line WHERE account_id = @id", reader => reader.GetInt64(0), cancellationToken, ("id", id));
        return Results.Ok(rows[0].View() with { MissingEvents = rows[0].Version + 1 - known[0] });
    }

    private static async Task<IResult> AsOf(string id, DateTimeOffset instant, Row now, ProjectionQueries queries, CancellationToken cancellationToken)
    {
        var lines = await queries.All(
            """
            SELECT version, balance, available, currency FROM statement_line
            WHERE account_id = @id AND occurred_at <= @at ORDER BY version DESC LIMIT 1
            """,
            reader => (Version: reader.GetInt64(0), Balance: reader.GetInt64(1), Available: reader.GetInt64(2), Currency: reader.GetString(3)),
            cancellationToken, ("id", id), ("at", Instants.ToStored(instant)));
        if (now.OpenedAt > instant || lines.Count == 0)
            return Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "Not yet open", detail: $"Account '{id}' was not open at {instant:O}.");
        var (version, balance, available, currency) = lines[0];
        return Results.Ok(new
        {
            accountId = id,
            asOf = instant,
            version,
            balance = MoneyView.Of(balance, currency),
            available = MoneyView.Of(available, currency),
        });
    }

    private static async Task<IResult> ByValueDate(Row account, DateOnly? valueDate, DateTimeOffset? knownAt, ProjectionQueries queries, CancellationToken cancellationToken)
    {
        if (account.OpenedAt > knownAt || (valueDate is { } day && DateOnly.FromDateTime(account.OpenedAt!.Value.UtcDateTime) > day))
            return Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "Not yet open", detail: $"Account '{account.Id}' was not open then.");
        var bookings = new Bookings(account.Id, account.Currency, knownAt, queries);
        var balance = await bookings.Balance(valueDate, cancellationToken);
        return Results.Ok(new { accountId = account.Id, valueDate, knownAt, balance = MoneyView.Of(balance, account.Currency) });
    }

    /// <returns>The currency and the instant of opening of an account; null when it was never opened.</returns>
    internal static async Task<(string Currency, DateTimeOffset OpenedAt)?> Opened(string id, ProjectionQueries queries, CancellationToken cancellationToken)
    {
        var rows = await queries.All(
            "SELECT currency, opened_at FROM account WHERE account_id = @id AND opened_at IS NOT NULL",
            reader => (reader.GetString(0), reader.Instant(1)!.Value), cancellationToken, ("id", id));
        return rows.Count == 0 ? null : rows[0];
    }

    internal static IResult NotFound(string id) =>
        Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "Unknown account", detail: $"Nothing is known of an account '{id}'.");

    private sealed record Row(
        string Id, string Currency, long Balance, long Available, long Version, DateTimeOffset ChangedAt, DateTimeOffset? OpenedAt, DateTimeOffset? ClosedAt, long? Overdraft)
    {
        public static Row Read(System.Data.Common.DbDataReader reader) => new(
            reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.Instant(5)!.Value,
            reader.Instant(6), reader.Instant(7), reader.IsDBNull(8) ? null : reader.GetInt64(8));

        public AccountView View() => new(
            Id, ClosedAt is null ? "Open" : "Closed", Version, MoneyView.Of(Balance, Currency), MoneyView.Of(Available, Currency),
            MoneyView.Of(Overdraft ?? 0, Currency), OpenedAt, ClosedAt, ChangedAt);
    }
}

/// <summary>An account for readers.</summary>
internal sealed record AccountView(
    string AccountId, string Status, long Version, MoneyView Balance, MoneyView Available, MoneyView OverdraftLimit,
    DateTimeOffset? OpenedAt, DateTimeOffset? ClosedAt, DateTimeOffset ChangedAt)
{
    /// <summary>How many events have not arrived yet although a later one has; null in lists.</summary>
    public long? MissingEvents { get; init; }
}
