using System.Text.Json;
using Bank.Accounts.Accounts;
using Bank.Accounts.Handlers;
using Bank.Hosting;
using Bank.StreamStore;
using Bank.StreamStore.Streams;

namespace Bank.Accounts.Http;

/// <summary>What only this endpoint knows: the history of an account, and what may be done with it now.</summary>
internal static class AccountRoutes
{
    private static readonly StreamHistory History = new()
    {
        IdMember = "accountId",
        StreamOf = id => AccountRules.IsAccountId(id) ? new StreamId(AccountStore.StreamOf(id)) : null,
        Show = Show,
        Unknown = NotFound,
    };

    public static void MapAccounts(this IEndpointRouteBuilder app)
    {
        app.MapGet("/accounts/{id}/events", Events);
        app.MapGet("/accounts/{id}/commands", Commands);
    }

    private static Task<IResult> Events(string id, string? from, string? limit, IStreamStore store, CancellationToken cancellationToken) =>
        History.Answer(id, from, limit, store, cancellationToken);

    private static async Task<IResult> Commands(string id, AccountStore accounts, CancellationToken cancellationToken)
    {
        if (!AccountRules.IsAccountId(id)) return NotFound(id);
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

    private static (string Type, JsonElement Data) Show(StreamMessage message, string stored)
    {
        // As everybody reads it: whoever asks need not know the shapes of the past.
        var (type, json) = AccountUpcasters.All.Upcast(message.Type, stored);
        using var data = JsonDocument.Parse(json);
        return (type, data.RootElement.Clone());
    }

    private static IResult NotFound(string id) =>
        Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "Unknown account", detail: $"Nothing is known of an account '{id}'.");
}
