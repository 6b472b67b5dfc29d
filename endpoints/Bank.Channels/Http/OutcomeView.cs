using System.Globalization;
using Bank.Channels.Outcomes;
using Bank.Contracts;

namespace Bank.Channels.Http;

/// <summary>What became of a request, for readers.</summary>
internal sealed record OutcomeView(
    Guid RequestId, string Status, string Command, string AccountId, Guid? TransferId, string? Event, string? Reason, string? RefusingAccountId,
    long? AccountVersion, AmountView? Balance, AmountView? Available, DateTimeOffset AskedAt, DateTimeOffset? DecidedAt)
{
    /// <summary>Answers with the outcome when it is known in time, else with the place to look for it.</summary>
    public static async Task<IResult> Answer(
        HttpContext http, Guid requestId, TimeSpan? wait, OutcomeWaiters waiters, int statusWhilePending, CancellationToken cancellationToken)
    {
        var record = await waiters.Wait(requestId, wait ?? TimeSpan.Zero, cancellationToken);
        if (record is null)
            return Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "Unknown request", detail: $"No request '{requestId}' was sent from here.");
        if (wait is { } time) http.Response.Headers["Preference-Applied"] = "wait=" + time.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers.Location = $"/outcomes/{requestId}";
        // Without the wish to wait, a command is accepted and no more, however fast it was decided.
        var status = record.Outcome.IsFinal && (wait is not null || statusWhilePending == StatusCodes.Status200OK) ? StatusCodes.Status200OK : statusWhilePending;
        return Results.Json(Of(record), statusCode: status);
    }

    private static OutcomeView Of(RequestRecord record)
    {
        var (outcome, account) = (record.Outcome, record.Outcome.Account);
        return new OutcomeView(
            record.RequestId, outcome.Status, record.Command, record.AccountId, record.TransferId, outcome.EventType, outcome.Reason, outcome.RefusingAccountId,
            account?.Version, AmountView.Of(account?.Balance, account?.Currency), AmountView.Of(account?.Available, account?.Currency), record.AskedAt, outcome.DecidedAt);
    }
}

/// <summary>An amount for readers of JSON: as text, so that nobody turns it into a binary fraction.</summary>
internal sealed record AmountView(string Amount, string Currency)
{
    public static AmountView? Of(long? minorUnits, string? currency) =>
        minorUnits is { } units && currency is not null
            ? new AmountView(new Money(units, currency).ToDecimal().ToString(CultureInfo.InvariantCulture), currency)
            : null;
}
