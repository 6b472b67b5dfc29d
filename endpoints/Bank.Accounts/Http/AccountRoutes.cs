using System.Globalization;
using System.Text.Json;
using Bank.Accounts.Accounts;
using Bank.Accounts.Handlers;
using Bank.StreamStore;
using Bank.StreamStore.Streams;

namespace Bank.Accounts.Http;

/// <summary>What only this endpoint knows: the history of an account, and what may be done with it now.</summary>
internal static class AccountRoutes
{
    private const int UsualEvents = 100;
    private const int MostEvents = 1000;

    public static void MapAccounts(this IEndpointRouteBuilder app)
    {
        app.MapGet("/accounts/{id}/events", Events);
        app.MapGet("/accounts/{id}/commands", Commands);
    }

    // Texts rather than numbers: what is no number is then refused by name too.
    private static async Task<IResult> Events(string id, string? from, string? limit, IStreamStore store, CancellationToken cancellationToken)
    {
        if (!TryNumber(from, 0, 0, int.MaxValue, out var first)) return Invalid("from", "must be a whole number, 0 or more");
        if (!TryNumber(limit, UsualEvents, 1, MostEvents, out var count)) return Invalid("limit", $"must be a whole number from 1 to {MostEvents}");
        if (!TryStream(id, out var stream)) return NotFound(id);
        var page = await store.ReadStreamForwards(stream, first, count, prefetchJsonData: true, cancellationToken);
        if (page.Status == PageReadStatus.StreamNotFound) return NotFound(id);
        var events = new List<object>(page.Messages.Length);
        foreach (var message in page.Messages)
        {
            // As everybody reads it: whoever asks need not know the shapes of the past.
            var (type, json) = AccountUpcasters.All.Upcast(message.Type, (await message.GetJsonData(cancellationToken))!);
            using var data = JsonDocument.Parse(json);
            events.Add(new { version = message.StreamVersion, position = message.Position, eventId = message.MessageId, type, data = data.RootElement.Clone() });
        }

        return Results.Ok(new { accountId = id, lastVersion = page.LastStreamVersion, next = page.IsEnd ? (int?)null : page.NextStreamVersion, events });
    }

    private static async Task<IResult> Commands(string id, AccountStore accounts, CancellationToken cancellationToken)
    {
        if (!TryStream(id, out _)) return NotFound(id);
        var account = await accounts.Load(id, cancellationToken);
        var commands = AvailableCommands.Of(account).Select(command => new
        {
            name = command.Name,
            href = $"/accounts/{id}/commands/{command.Name}",
            allowed = command.Allowed,
            reason = command.Reason,
        });
        return Results.Ok(new { accountId = id, version = account.Version, status = account.Status.ToString(), commands });
    }

    private static bool TryNumber(string? text, int whenMissing, int min, int max, out int number)
    {
        number = whenMissing;
        return string.IsNullOrEmpty(text) || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= min && number <= max);
    }

    private static bool TryStream(string accountId, out StreamId stream)
    {
        var valid = AccountRules.IsAccountId(accountId);
        stream = valid ? new StreamId(AccountStore.StreamOf(accountId)) : null!;
        return valid;
    }

    private static IResult NotFound(string id) =>
        Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "Unknown account", detail: $"Nothing is known of an account '{id}'.");

    private static IResult Invalid(string field, string problem) =>
        Results.ValidationProblem(new Dictionary<string, string[]> { [field] = [problem] });
}
