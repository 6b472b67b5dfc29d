using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Bank.Channels.Http;

/// <summary>What the OpenAPI document says beyond what the routes show by themselves: headers, and reads that other endpoints answer.</summary>
internal static class ApiDescription
{
    private static readonly (string Path, string Summary, string[] Query)[] PassedOn =
    [
        ("/accounts", "Accounts by id, a page at a time.", ["limit", "after"]),
        ("/accounts/{id}", "One account, now or as of an instant.", ["asOf"]),
        ("/accounts/{id}/statement", "The bookings of an account, oldest first, with the running balance.", ["from", "to", "limit", "after"]),
        ("/accounts/{id}/commands", "Which commands the account would accept now, and why not the others.", []),
        ("/accounts/{id}/events", "The history of an account, event by event.", ["from", "limit"]),
        ("/transfers", "Transfers by id, a page at a time.", ["state", "limit", "after"]),
        ("/transfers/{id}", "One transfer.", []),
        ("/ledger/trial-balance", "The sum of each ledger account, now or as of an instant; zero for each currency.", ["asOf"]),
    ];

    public static void Describe(this OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        foreach (var (path, summary, query) in PassedOn) document.Paths[path] = Read(path, summary, query);
        return Task.CompletedTask;
    });

    public static RouteHandlerBuilder WithHeader(this RouteHandlerBuilder route, string name, bool required, string description) =>
        route.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            (operation.Parameters ??= []).Add(Parameter(name, ParameterLocation.Header, required, description));
            return Task.CompletedTask;
        });

    private static OpenApiPathItem Read(string path, string summary, string[] query)
    {
        var parameters = query.Select(name => Parameter(name, ParameterLocation.Query, required: false)).ToList<IOpenApiParameter>();
        if (path.Contains("{id}", StringComparison.Ordinal)) parameters.Insert(0, Parameter("id", ParameterLocation.Path, required: true));
        var operation = new OpenApiOperation
        {
            Summary = summary,
            Description = "Passed on to the endpoint that owns the answer.",
            Parameters = parameters,
            Responses = new OpenApiResponses
            {
                ["200"] = new OpenApiResponse { Description = "The answer, as JSON." },
                ["default"] = new OpenApiResponse { Description = "Problem details (RFC 9457): 400 names the parameter, 404 what is unknown." },
            },
        };
        return new OpenApiPathItem { Operations = new Dictionary<HttpMethod, OpenApiOperation> { [HttpMethod.Get] = operation } };
    }

    private static OpenApiParameter Parameter(string name, ParameterLocation place, bool required, string? description = null) =>
        new() { Name = name, In = place, Required = required, Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
}
