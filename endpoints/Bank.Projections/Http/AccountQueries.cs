using Bank.Projections.Storage;

namespace Bank.Projections.Http;

/// <summary>Accounts, their balances now and at earlier instants, and their statements.</summary>
internal static class AccountQueries
{
    private const string Columns = """
        SELECT b.account_id, b.currency, b.balance, b.available, b.version, b.changed_at, a.opened_at, a.closed_at, a.overdraft_limit
        FROM account_balance b LEFT JOIN account a ON a.account_id = b.account_id
        """;

    public static void MapAccounts(this IEndpointRouteBuilder app)
    {
        app.MapGet("/accounts", List).WithSummary("Accounts by id, a page at a time.");
        app.MapGet("/accounts/{id}", One).WithSummary("One account, now or as of an instant.");
        app.MapGet("/accounts/{id}/statement", Statement).WithSummary("The bookings of an account, oldest first, with the running balance.");
    }

    private static async Task<IResult> List(HttpRequest request, Queries queries, CancellationToken cancellationToken)
    {
        var query = new QueryParameters(request.Query);
        var (limit, after) = (query.Limit(), query.Text("after"));
        if (query.Problem is { } problem) return problem;
        var rows = await queries.All(
            $"{Columns} WHERE b.account_id > @after AND a.opened_at IS NOT NULL ORDER BY b.account_id LIMIT @limit", Row.Read, cancellationToken,
            ("after", after), ("limit", limit));
        return Results.Ok(new { accounts = rows.Select(row => row.View()), next = rows.Count == limit ? rows[^1].Id : null });
    }

    private static async Task<IResult> One(string id, HttpRequest request, Queries queries, CancellationToken cancellationToken)
    {
        var query = new QueryParameters(request.Query);
        var asOf = query.Instant("asOf");
        if (query.Problem is { } problem) return problem;
        var rows = await queries.All($"{Columns} WHERE b.account_id = @id AND a.opened_at IS NOT NULL", Row.Read, cancellationToken, ("id", id));
        if (rows.Count == 0) return NotFound(id);
        if (asOf is { } instant) return await AsOf(id, instant, rows[0], queries, cancellationToken);
        var known = await queries.All("SELECT COUNT(*) FROM statement_line WHERE account_id = @id", reader => reader.GetInt64(0), cancellationToken, ("id", id));
        return Results.Ok(rows[0].View() with { MissingEvents = rows[0].Version + 1 - known[0] });
    }

    private static async Task<IResult> AsOf(string id, DateTimeOffset instant, Row now, Queries queries, CancellationToken cancellationToken)
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

    private static async Task<IResult> Statement(string id, HttpRequest request, Queries queries, CancellationToken cancellationToken)
    {
        var query = new QueryParameters(request.Query);
        var (from, to) = (query.Instant("from"), query.Instant("to"));
        var (limit, after) = (query.Limit(), query.Number("after", -1, -1, long.MaxValue));
        if (query.Problem is { } problem) return problem;
        var known = await queries.All($"{Columns} WHERE b.account_id = @id AND a.opened_at IS NOT NULL", Row.Read, cancellationToken, ("id", id));
        if (known.Count == 0) return NotFound(id);
        var lines = await queries.All(
            """
            SELECT version, kind, amount, currency, balance, counterparty_id, transfer_id, occurred_at, requested_by, channel, purpose FROM statement_line
            WHERE account_id = @id AND is_booking = 1 AND occurred_at >= @from AND occurred_at < @to AND version > @after
            ORDER BY version LIMIT @limit
            """,
            StatementLine.Read, cancellationToken,
            ("id", id), ("from", from is { } start ? Instants.ToStored(start) : long.MinValue), ("to", to is { } end ? Instants.ToStored(end) : long.MaxValue),
            ("after", after), ("limit", limit));
        var forward = lines.Count == 0 ? await CarriedForward(known[0], from, after, queries, cancellationToken) : null;
        return Results.Ok(new
        {
            accountId = id,
            from,
            to,
            opening = forward ?? MoneyView.Of(lines[0].BalanceUnits - lines[0].AmountUnits, lines[0].Currency),
            closing = forward ?? lines[^1].Balance,
            lines,
            next = lines.Count == limit ? lines[^1].Version : (long?)null,
        });
    }

    // What a page without bookings opens and closes with: the balance after the last booking before it.
    private static async Task<MoneyView> CarriedForward(Row account, DateTimeOffset? from, long after, Queries queries, CancellationToken cancellationToken)
    {
        var balances = await queries.All(
            """
            SELECT balance FROM statement_line
            WHERE account_id = @id AND is_booking = 1 AND (occurred_at < @from OR version <= @after) ORDER BY version DESC LIMIT 1
            """,
            reader => reader.GetInt64(0), cancellationToken,
            ("id", account.Id), ("from", from is { } start ? Instants.ToStored(start) : long.MinValue), ("after", after));
        return MoneyView.Of(balances.Count == 0 ? 0 : balances[0], account.Currency);
    }

    private static IResult NotFound(string id) =>
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

/// <summary>A booking for readers.</summary>
internal sealed record StatementLine(
    long Version, string Kind, MoneyView Amount, MoneyView Balance, string? CounterpartyAccountId, string? TransferId, DateTimeOffset OccurredAt,
    string RequestedBy, string Channel, string? Purpose)
{
    internal Int128 AmountUnits => Amount.MinorUnits;

    internal Int128 BalanceUnits => Balance.MinorUnits;

    internal string Currency => Balance.Currency;

    public static StatementLine Read(System.Data.Common.DbDataReader reader)
    {
        var currency = reader.GetString(3);
        return new StatementLine(
            reader.GetInt64(0), reader.GetString(1), MoneyView.Of(reader.GetInt64(2), currency), MoneyView.Of(reader.GetInt64(4), currency),
            reader.Text(5), reader.Text(6), reader.Instant(7)!.Value, reader.GetString(8), reader.GetString(9), reader.Text(10));
    }
}
