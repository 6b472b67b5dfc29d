using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Bank.Channels.Http;

/// <summary>What the OpenAPI document says beyond what the routes show by themselves: headers, and reads that other endpoints answer.</summary>
internal static class ApiDescription
{
    private const string Instant = "An instant such as 2026-03-31T12:00:00Z. A date, or an instant without an offset, is UTC.";
    private const string Day = "A day in UTC, such as 2026-03-31.";
    private const string KnownAt = "Leaves out what was recorded after this instant. " + Instant;
    private const string Limit = "At most so many, 1 to 1000; 100 when left out.";

    private static readonly (string Name, string Description)[] DaysKnownAt =
        [("from", "The first day; 30 days in all when left out, at most 3653. " + Day), ("to", "The last day; today when left out. " + Day), ("knownAt", KnownAt)];

    private static readonly PassedOn[] Reads =
    [
        new("/accounts", "Accounts by id, a page at a time.", typeof(AccountsRead), [("limit", Limit), ("after", "Continues after this account: 'next' of the page before.")]),
        new(
            "/accounts/{id}", "One account: now, as of an instant of recording, or its balance as of a value date.", typeof(AccountRead),
            [("asOf", "What the account looked like when all recorded until then was known. " + Instant), ("valueDate", "Counts what has this value date or an earlier one. " + Day), ("knownAt", KnownAt)]),
        new(
            "/accounts/{id}/statement", "The bookings of an account with the running balance: in order of recording, or by value date with valueDate or valueFrom.", typeof(StatementRead),
            [("from", "By recording. " + Instant + " Included."), ("to", "By recording. " + Instant + " Excluded."), ("valueFrom", "The first value date. " + Day), ("valueDate", "The last value date. " + Day), ("knownAt", KnownAt), ("limit", Limit), ("after", "Continues after this version: 'next' of the page before.")]),
        new(
            "/accounts/{id}/end-of-day", "The balance at the end of each day by value date, also of days without bookings.", typeof(EndOfDayRead),
            DaysKnownAt),
        new(
            "/accounts/{id}/end-of-day.png", "The balance at the end of each day by value date, as a picture.", Answer: null,
            [.. DaysKnownAt, ("width", "In pixels, 300 to 2000; 800 when left out."), ("height", "In pixels, 200 to 2000; 400 when left out.")]),
        new("/accounts/{id}/commands", "Which commands the account would accept now, and why not the others.", typeof(AvailableCommandsRead), []),
        new("/accounts/{id}/events", "The history of an account, event by event.", typeof(HistoryRead), [("from", "The first version."), ("limit", Limit)]),
        new(
            "/transfers", "Transfers by id, a page at a time.", typeof(TransfersRead),
            [("state", "Initiated, Completed or Failed."), ("limit", Limit), ("after", "Continues after this transfer: 'next' of the page before.")]),
        new("/transfers/{id}", "One transfer.", typeof(TransferRead), []),
        new("/transfers/{id}/events", "The journal of a transfer: when it began and how it ended, event by event.", typeof(TransferHistoryRead), [("from", "The first version."), ("limit", Limit)]),
        new("/ledger/trial-balance", "The sum of each ledger account, now, as of an instant, or as of a value date; zero for each currency.", typeof(TrialBalanceRead), [("asOf", Instant), ("valueDate", Day)]),
    ];

    public static void Describe(this OpenApiOptions options) => options.AddDocumentTransformer(async (document, context, cancellationToken) =>
    {
        document.Info = new OpenApiInfo { Title = "Bank.Channels", Version = "v1", Description = "Commands of the bank as resources, and reads passed on to their owners." };
        foreach (var read in Reads)
        {
            if (read.Answer is { } answer) document.AddComponent(answer.Name, await context.GetOrCreateSchemaAsync(answer, null, cancellationToken));
            var response = read.Answer is null
                ? Response("The picture.", "image/png", new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" })
                : Response("The answer.", "application/json", new OpenApiSchemaReference(read.Answer.Name, document));
            document.Paths[read.Path] = Path(read, response, new OpenApiSchemaReference("ProblemDetails", document));
        }
    });

    public static RouteHandlerBuilder WithHeader(this RouteHandlerBuilder route, string name, bool required, string description) =>
        route.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            (operation.Parameters ??= []).Add(Parameter(name, ParameterLocation.Header, required, description));
            return Task.CompletedTask;
        });

    private static OpenApiPathItem Path(PassedOn read, OpenApiResponse answer, IOpenApiSchema problem)
    {
        var parameters = read.Query.Select(query => Parameter(query.Name, ParameterLocation.Query, required: false, query.Description)).ToList<IOpenApiParameter>();
        if (read.Path.Contains("{id}", StringComparison.Ordinal)) parameters.Insert(0, Parameter("id", ParameterLocation.Path, required: true));
        var operation = new OpenApiOperation
        {
            Summary = read.Summary,
            Description = "Passed on to the endpoint that owns the answer.",
            Parameters = parameters,
            Responses = new OpenApiResponses
            {
                ["200"] = answer,
                ["default"] = Response("400 names the parameter, 404 what is unknown, 502 says that the owner of the answer is away.", "application/problem+json", problem),
            },
        };
        return new OpenApiPathItem { Operations = new Dictionary<HttpMethod, OpenApiOperation> { [HttpMethod.Get] = operation } };
    }

    private static OpenApiResponse Response(string description, string mediaType, IOpenApiSchema schema) => new()
    {
        Description = description,
        Content = new Dictionary<string, OpenApiMediaType> { [mediaType] = new OpenApiMediaType { Schema = schema } },
    };

    private static OpenApiParameter Parameter(string name, ParameterLocation place, bool required, string? description = null) =>
        new() { Name = name, In = place, Required = required, Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };

    /// <param name="Path">Where it is asked for.</param>
    /// <param name="Summary">What it is.</param>
    /// <param name="Answer">The JSON of the answer; null when it is a picture.</param>
    /// <param name="Query">The parameters.</param>
    private sealed record PassedOn(string Path, string Summary, Type? Answer, (string Name, string Description)[] Query);
}
