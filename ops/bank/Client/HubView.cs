using System.Net.Http.Json;
using System.Text.Json;
using Bank.CommandLine.Running;

namespace Bank.CommandLine.Client;

/// <summary>How far an endpoint has published what it stores.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="IsPublisher">Whether the instance that was asked publishes.</param>
/// <param name="Position">The last position that it published; -1 for none.</param>
/// <param name="Head">The last position stored; -1 for none.</param>
/// <param name="Error">Why publishing does not go on; null when it does.</param>
internal sealed record HubView(string Endpoint, bool IsPublisher, long Position, long Head, string? Error)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Asks every endpoint that has a hub; those that do not answer are left out.</summary>
    public static async Task<IReadOnlyList<HubView>> ReadAll(BankPlan plan, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = Patience };
        var hubs = new List<HubView>();
        foreach (var endpoint in BankPlan.WithHubs.Where(plan.Urls.ContainsKey))
        {
            try
            {
                var json = await http.GetFromJsonAsync<JsonElement>(plan.Urls[endpoint] + "/hub", cancellationToken);
                hubs.Add(json.Deserialize<HubView>(JsonSerializerOptions.Web)! with { Endpoint = endpoint });
            }
            catch (Exception exception) when (exception is HttpRequestException or JsonException or IOException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // It does not run, or is starting.
            }
        }

        return hubs;
    }
}
