using System.Text.Json;
using Bank.Hosting;
using Bank.StreamStore;
using Bank.StreamStore.Streams;
using Bank.Transfers.Journal;

namespace Bank.Transfers.Http;

/// <summary>What only this endpoint knows: the journal of a transfer.</summary>
internal static class TransferRoutes
{
    private static readonly JournalContracts Contracts = new();

    private static readonly StreamHistory History = new()
    {
        IdMember = "transferId",
        StreamOf = id => new StreamId(JournalContracts.StreamOf(Guid.Parse(id))),
        Show = Show,
        Unknown = NotFound,
    };

    public static void MapTransfers(this IEndpointRouteBuilder app) =>
        app.MapGet(
            "/transfers/{id:guid}/events",
            (Guid id, string? from, string? limit, IStreamStore store, CancellationToken cancellationToken) => History.Answer(id.ToString(), from, limit, store, cancellationToken));

    private static (string Type, JsonElement Data) Show(StreamMessage message, string stored) =>
        (message.Type, JsonSerializer.SerializeToElement(Contracts.Map(message, stored), MessageJson.Web));

    private static IResult NotFound(string id) =>
        Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "Unknown transfer", detail: $"Nothing is known of a transfer '{id}'.");
}
