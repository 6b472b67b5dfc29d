using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Bank.CommandLine.Client;

/// <summary>Asks an endpoint about its projections, and has them built anew.</summary>
internal sealed class ProjectionClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient http;

    public ProjectionClient(string url, HttpMessageHandler? handler = null) =>
        http = new HttpClient(handler ?? new SocketsHttpHandler()) { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>The projections of the endpoint, by name.</summary>
    /// <exception cref="VerbException">It does not answer, though asked for a minute: it may be starting again.</exception>
    public Task<IReadOnlyList<ProjectionView>> Read(CancellationToken cancellationToken) => Read(Patience, cancellationToken);

    /// <summary>The projections of the endpoint, or none when it does not answer at once.</summary>
    public async Task<IReadOnlyList<ProjectionView>> ReadNow(CancellationToken cancellationToken)
    {
        try
        {
            return await Read(TimeSpan.Zero, cancellationToken);
        }
        catch (VerbException)
        {
            return [];
        }
    }

    /// <summary>Has one built anew, or all when none is named.</summary>
    /// <param name="name">Which; null for all.</param>
    /// <param name="restart">Whether what is under way is given up for it.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>False when that, or a part of it, is under way already.</returns>
    /// <exception cref="VerbException">The endpoint does not answer, or refuses.</exception>
    public async Task<bool> Rebuild(string? name, CancellationToken cancellationToken, bool restart = false)
    {
        try
        {
            using var response = await http.PostAsync((name is null ? "/projections/rebuild" : $"/projections/{Uri.EscapeDataString(name)}/rebuild") + (restart ? "?restart=true" : ""), null, cancellationToken);
            return response.StatusCode switch
            {
                HttpStatusCode.Accepted => true,
                HttpStatusCode.Conflict when response.Content.Headers.ContentType?.MediaType != "application/problem+json" => false,
                // Nothing is under way: it cannot be begun here.
                HttpStatusCode.Conflict => throw new VerbException(
                    ExitCode.Refused, (await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("detail").GetString()!),
                var status => throw new VerbException(ExitCode.Refused, $"The endpoint refused: {(int)status} {await response.Content.ReadAsStringAsync(cancellationToken)}"),
            };
        }
        catch (Exception exception) when (IsTransient(exception, cancellationToken))
        {
            throw NoAnswer(exception);
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<IReadOnlyList<ProjectionView>> Read(TimeSpan patience, CancellationToken cancellationToken)
    {
        var deadline = DateTimeOffset.UtcNow + patience;
        while (true)
        {
            try
            {
                var json = await http.GetFromJsonAsync<JsonElement>("/projections", cancellationToken);
                return json.GetProperty("projections").Deserialize<List<ProjectionView>>(JsonSerializerOptions.Web)!;
            }
            catch (Exception exception) when (IsTransient(exception, cancellationToken))
            {
                if (DateTimeOffset.UtcNow >= deadline) throw NoAnswer(exception);
                await Task.Delay(200, cancellationToken);
            }
        }
    }

    private VerbException NoAnswer(Exception exception) => new(ExitCode.Unavailable, $"The endpoint does not answer at {http.BaseAddress}: {exception.Message}");

    private static bool IsTransient(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or JsonException or IOException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested);
}

/// <summary>How a projection is.</summary>
internal sealed record ProjectionView(
    string Name, int Version, string State, int Generation, double? LagSeconds, long? MissingEvents, long? SubjectsWithGaps, Dictionary<string, long>? Positions, RebuildView? Rebuild)
{
    /// <summary>How many stored events lie behind the last that it took up as it was published; null where that is not known, as before the first after a start.</summary>
    public long? Behind(IReadOnlyList<HubView> hubs)
    {
        var known = hubs.Where(hub => Positions?.ContainsKey(hub.Endpoint) == true).ToList();
        return known.Count == 0 ? null : known.Sum(hub => Math.Max(0, hub.Head - Positions![hub.Endpoint]));
    }
}

/// <summary>How the filling of a projection is, or how the last one was.</summary>
internal sealed record RebuildView(string Id, string State, double Progress, long Events, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? Error)
{
    public bool IsRunning => State == "Running";

    /// <summary>Whether it waits because a replay was refused, which it asks for again.</summary>
    public bool IsRefused => IsRunning && Error is not null;
}
