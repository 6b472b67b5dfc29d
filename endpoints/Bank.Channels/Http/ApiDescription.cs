using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Bank.Channels.Http;

/// <summary>What the OpenAPI document says beyond what the routes show by themselves: headers, and reads that other endpoints answer.</summary>
internal static class ApiDescription
{
    private const string Instant = "An instant such as 2026-03-31T12:00:00Z. A date, or an instant without an offset, is UTC.";
    private const string Limit = "At most so many, 1 to 1000; 100 when left out.";

    private static readonly PassedOn[] Reads =
    [
        new("/accounts", "Accounts by id, a page at a time.", typeof(AccountsRead), [("limit", Limit), ("after", "Continues after this account: 'next' of the page before.")]),
        new("/accounts/{id}", "One account, now or as of an instant.", typeof(AccountRead), [("asOf", Instant)]),
        new(
            "/accounts/{id}/statement", "The bookings of an account, oldest first, with the running balance.", typeof(StatementRead),
            [("from", Instant + " Included."), ("to", Instant + " Excluded."), ("limit", Limit), ("after", "Continues after this version: 'next' of the page before.")]),
        new("/accounts/{id}/commands", "Which commands the account would accept now, and why not the others.", typeof(AvailableCommandsRead), []),
        new("/accounts/{id}/events", "The history of an account, event by event.", typeof(HistoryRead), [("from", "The first version."), ("limit", Limit)]),
        new(
            "/transfers", "Transfers by id, a page at a time.", typeof(TransfersRead),
            [("state", "Initiated, Completed or Failed."), ("limit", Limit), ("after", "Continues after this transfer: 'next' of the page before.")]),
        new("/transfers/{id}", "One transfer.", typeof(TransferRead), []),
        new("/ledger/trial-balance", "The sum of each ledger account, now or as of an instant; zero for each currency.", typeof(TrialBalanceRead), [("asOf", Instant)]),
    ];

    public static void Describe(this OpenApiOptions options) => options.AddDocumentTransformer(async (document, context, cancellationToken) =>
    {
        document.Info = new OpenApiInfo { Title = "Bank.Channels", Version = "v1", Description = "Commands of the bank as resources, and reads passed on to their owners." };
        foreach (var read in Reads)
        {
            var name = read.Answer.Name;
            document.AddComponent(name, await context.GetOrCreateSchemaAsync(read.Answer, null, cancellationToken));
            document.Paths[read.Path] = Path(read, new OpenApiSchemaReference(name, document), new OpenApiSchemaReference("ProblemDetails", document));
        }
    });

    public static RouteHandlerBuilder WithHeader(this RouteHandlerBuilder route, string name, bool required, string description) =>
        route.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            (operation.Parameters ??= []).Add(Parameter(name, ParameterLocation.Header, required, description));
            return Task.CompletedTask;
        });

    private static OpenApiPathItem Path(PassedOn read, IOpenApiSchema answer, IOpenApiSchema problem)
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
                ["200"] = Response("The answer.", "application/json", answer),
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

    private sealed record PassedOn(string Path, string Summary, Type Answer, (string Name, string Description)[] Query);
}
