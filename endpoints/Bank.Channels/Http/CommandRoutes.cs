using System.Text.Json;
using System.Text.Unicode;
using Bank.Channels.Commands;
using Bank.Channels.Outcomes;
using Bank.Contracts;
using Bank.Hosting;

namespace Bank.Channels.Http;

/// <summary>Commands as resources: sent once for each idempotency key, answered at once or with the outcome.</summary>
internal static class CommandRoutes
{
    private const int LargestBody = 64 * 1024;

    public static void MapCommands(this IEndpointRouteBuilder app)
    {
        app.MapPost("/accounts/{id}/commands/{command}", Send)
            .Accepts<CommandBody>("application/json")
            .Produces<OutcomeView>(StatusCodes.Status200OK).Produces<OutcomeView>(StatusCodes.Status202Accepted)
            .ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithSummary("Sends a command about an account.")
            .WithDescription(
                "Commands: open, deposit, withdraw, reserve, capture, release, transfer, close. "
                + "A member that the command does not know is refused by name; null is as if left out. "
                + "After 503, or no answer at all, repeat the request under the same Idempotency-Key: it is done once.")
            .WithHeader("Idempotency-Key", required: true, "8 to 128 visible ASCII characters; the same again has no second effect.")
            .WithHeader("X-Requested-By", required: true, "Who asks: an opaque reference, at most 100 characters.")
            .WithHeader("X-Channel", required: true, "Through which channel, at most 50 characters.")
            .WithHeader("Prefer", required: false, PreferWait.Description);
        app.MapGet("/outcomes/{requestId:guid}", Outcome).Produces<OutcomeView>().ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("What became of a request.")
            .WithHeader("Prefer", required: false, PreferWait.Description);
    }

    private static async Task<IResult> Send(
        string id, string command, HttpRequest http, CommandSender sender, OutcomeWaiters waiters, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var caller = CallerHeaders.Read(http.Headers, errors);
        var wait = PreferWait.Read(http.Headers, errors);
        var accountId = errors.AccountId("id", id);
        if (await ReadBody(http, cancellationToken) is not { } bytes)
            return Results.Problem(statusCode: StatusCodes.Status413PayloadTooLarge, detail: $"The body has more than {LargestBody} bytes.");
        // What a body holds that cannot be read is unknown; to call its members missing would mislead.
        if (Parse(bytes, command, errors) is not { } body) return errors.ToProblem();
        var origin = new Origin
        {
            RequestedBy = caller.RequestedBy, Channel = caller.Channel, RequestedAt = clock.GetUtcNow(), Purpose = errors.OptionalText("purpose", body.Purpose, 140),
        };
        var requestId = RequestIds.Of(caller.RequestedBy, caller.Channel, caller.IdempotencyKey);
        if (CommandCatalog.Make(command, new CommandRequest(requestId, accountId, origin, body, errors)) is not { } message)
        {
            return Results.Problem(
                statusCode: StatusCodes.Status404NotFound, title: "Unknown command", detail: $"'{command}' is none of {string.Join(", ", CommandCatalog.Names)}.");
        }

        if (errors.Any) return errors.ToProblem();
        var record = new RequestRecord
        {
            RequestId = requestId, Fingerprint = RequestIds.Fingerprint(accountId, command, bytes), Command = command, AccountId = accountId,
            TransferId = command == "transfer" ? requestId : null, AskedAt = origin.RequestedAt,
        };
        if (await sender.Send(record, message, cancellationToken) is not { } remembered) return Unavailable();
        if (remembered.Fingerprint != record.Fingerprint)
        {
            return Results.ValidationProblem(
                new Dictionary<string, string[]> { ["Idempotency-Key"] = ["was used for another request; a new request needs a new key"] },
                statusCode: StatusCodes.Status422UnprocessableEntity, title: "Idempotency-Key used before");
        }

        return await OutcomeView.Answer(http.HttpContext, requestId, wait, waiters, StatusCodes.Status202Accepted, cancellationToken);
    }

    private static IResult Unavailable() => Results.Problem(
        statusCode: StatusCodes.Status503ServiceUnavailable, title: "Not now",
        detail: "The request could not be passed on. Repeat it under the same Idempotency-Key: it is done once, however often it is sent.");

    private static Task<IResult> Outcome(Guid requestId, HttpRequest http, OutcomeWaiters waiters, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var wait = PreferWait.Read(http.Headers, errors);
        return errors.Any
            ? Task.FromResult(errors.ToProblem())
            : OutcomeView.Answer(http.HttpContext, requestId, wait, waiters, StatusCodes.Status200OK, cancellationToken);
    }

    private static async Task<byte[]?> ReadBody(HttpRequest http, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var buffer = new byte[8192];
        int read;
        while ((read = await http.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > LargestBody) return null;
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    private static CommandBody? Parse(byte[] bytes, string command, FieldErrors errors)
    {
        if (bytes.Length == 0) return new CommandBody();
        if (!Utf8.IsValid(bytes))
        {
            errors.Add("body", "is not UTF-8");
            return null;
        }

        try
        {
            var body = JsonSerializer.Deserialize<CommandBody>(bytes, MessageJson.Web);
            if (body is null) return new CommandBody();
            foreach (var (member, value) in JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(bytes)!)
            {
                if (value.ValueKind != JsonValueKind.Null && !CommandCatalog.Heeds(command, member)) errors.Add(member, $"is not known to {command}");
            }

            return body;
        }
        catch (JsonException exception)
        {
            errors.Add(exception.Path is { Length: > 2 } path ? path[2..] : "body", $"cannot be read as JSON of the expected form (line {exception.LineNumber + 1})");
            return null;
        }
    }
}
