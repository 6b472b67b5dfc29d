using Bank.Hub.Projections;
using Bank.Projections.Storage;

namespace Bank.Projections.Http;

/// <summary>Statements: in order of recording, or by value date.</summary>
internal static class StatementQueries
{
    public static void MapStatements(this IEndpointRouteBuilder app) =>
        app.MapGet("/accounts/{id}/statement", Statement).WithSummary("The bookings of an account with the running balance, in order of recording or, with valueDate or valueFrom, by value date.");

    private static async Task<IResult> Statement(string id, HttpRequest request, ProjectionQueries queries, CancellationToken cancellationToken)
    {
        var query = new QueryParameters(request.Query);
        var (from, to, knownAt) = (query.Instant("from"), query.Instant("to"), query.Instant("knownAt"));
        var (valueFrom, valueDate) = (query.Day("valueFrom"), query.Day("valueDate"));
        var (limit, after) = (query.Limit(), query.Number("after", -1, -1, long.MaxValue));
        var byValueDate = valueFrom is not null || valueDate is not null;
        if (byValueDate) query.RefuseBeside(valueDate is null ? "valueFrom" : "valueDate", "from", "to");
        if (to < from) query.Refuse("to", "is before from.");
        if (valueFrom > valueDate) query.Refuse("valueDate", "is before valueFrom.");
        if (query.Problem is { } problem) return problem;
        if (await AccountQueries.Opened(id, queries, cancellationToken) is not { } account) return AccountQueries.NotFound(id);
        return byValueDate
            ? await ByValueDate(query, new Bookings(id, account.Currency, knownAt, queries), id, (valueFrom, valueDate, knownAt), (after, limit), cancellationToken)
            : await Recorded(id, account.Currency, (from, to, knownAt), (after, limit), queries, cancellationToken);
    }

    private static async Task<IResult> ByValueDate(
        QueryParameters query, Bookings bookings, string id, (DateOnly? From, DateOnly? To, DateTimeOffset? KnownAt) range, (long After, int Limit) page,
        CancellationToken cancellationToken)
    {
        (DateOnly, long)? last = null;
        if (page.After >= 0)
        {
            if (await bookings.ValueDateOf(page.After, cancellationToken) is { } day) last = (day, page.After);
            else query.Refuse("after", $"'{page.After}' is no booking of this statement.");
            if (query.Problem is { } problem) return problem;
        }

        var (opening, lines) = await bookings.Page(range.From, range.To, last, page.Limit, cancellationToken);
        return Results.Ok(new
        {
            accountId = id,
            valueFrom = range.From,
            valueDate = range.To,
            knownAt = range.KnownAt,
            opening,
            closing = lines.Count == 0 ? opening : lines[^1].Balance,
            lines,
            next = lines.Count == page.Limit ? lines[^1].Version : (long?)null,
        });
    }

    private static async Task<IResult> Recorded(
        string id, string currency, (DateTimeOffset? From, DateTimeOffset? To, DateTimeOffset? KnownAt) range, (long After, int Limit) page,
        ProjectionQueries queries, CancellationToken cancellationToken)
    {
        var (start, end) = (range.From is { } first ? Instants.ToStored(first) : long.MinValue, range.To is { } last ? Instants.ToStored(last) : long.MaxValue);
        var known = range.KnownAt is { } instant ? Instants.ToStored(instant) : long.MaxValue;
        var lines = await queries.All(
            $"""
            SELECT {StatementLine.Columns} FROM statement_line
            WHERE account_id = @id AND is_booking = 1 AND occurred_at >= @from AND occurred_at < @to AND recorded_at <= @known AND version > @after
            ORDER BY version LIMIT @limit
            """,
            StatementLine.Read, cancellationToken, ("id", id), ("from", start), ("to", end), ("known", known), ("after", page.After), ("limit", page.Limit));
        var forward = lines.Count == 0 ? await CarriedForward() : null;
        return Results.Ok(new
        {
            accountId = id,
            from = range.From,
            to = range.To,
            knownAt = range.KnownAt,
            opening = forward ?? MoneyView.Of(lines[0].BalanceUnits - lines[0].AmountUnits, currency),
            closing = forward ?? lines[^1].Balance,
            lines,
            next = lines.Count == page.Limit ? lines[^1].Version : (long?)null,
        });

        // What a page without bookings opens and closes with: the balance after the last booking before it.
        async Task<MoneyView> CarriedForward()
        {
            var balances = await queries.All(
                """
                SELECT balance FROM statement_line
                WHERE account_id = @id AND is_booking = 1 AND recorded_at <= @known AND (occurred_at < @from OR version <= @after) ORDER BY version DESC LIMIT 1
                """,
                reader => reader.GetInt64(0), cancellationToken, ("id", id), ("known", known), ("from", start), ("after", page.After));
            return MoneyView.Of(balances.Count == 0 ? 0 : balances[0], currency);
        }
    }
}

/// <summary>A booking for readers.</summary>
internal sealed record StatementLine(
    long Version, string Kind, MoneyView Amount, MoneyView Balance, string? CounterpartyAccountId, string? TransferId, DateTimeOffset OccurredAt,
    DateOnly ValueDate, string RequestedBy, string Channel, string? Purpose)
{
    internal const string Columns = "version, kind, amount, currency, balance, counterparty_id, transfer_id, occurred_at, value_date, requested_by, channel, purpose";

    internal Int128 AmountUnits => Amount.MinorUnits;

    internal Int128 BalanceUnits => Balance.MinorUnits;

    public static StatementLine Read(System.Data.Common.DbDataReader reader)
    {
        var currency = reader.GetString(3);
        return new StatementLine(
            reader.GetInt64(0), reader.GetString(1), MoneyView.Of(reader.GetInt64(2), currency), MoneyView.Of(reader.GetInt64(4), currency),
            reader.Text(5), reader.Text(6), reader.Instant(7)!.Value, Days.FromStored(reader.GetInt32(8)), reader.GetString(9), reader.GetString(10), reader.Text(11));
    }
}
