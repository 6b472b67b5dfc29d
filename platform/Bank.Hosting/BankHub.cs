using Bank.Hub;
using Bank.StreamStore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bank.Hosting;

/// <summary>The publishing of an endpoint over HTTP, for operators.</summary>
public static class BankHub
{
    /// <summary>
    /// Maps <c>GET /hub</c>: <c>{"isPublisher":true,"position":41,"head":42,"error":null}</c>, the last positions published by this instance and stored by any; -1 for none.
    /// </summary>
    public static void MapHub(this IEndpointRouteBuilder app) =>
        app.MapGet("/hub", async (HubState state, IStreamStore store, CancellationToken cancellationToken) =>
        {
            var head = await store.ReadHeadPosition(cancellationToken);
            var (isPublisher, position, _, error) = state.Current;
            return Results.Ok(new { isPublisher, position, head, error });
        }).WithSummary("How far the publishing of what is stored is.");
}
