using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Bank.CommandLine.Client;

/// <summary>Talks to the channel gateway as any channel system would.</summary>
internal sealed class BankClient : IDisposable
{
    private const string Channel = "bank-cli";
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(500);

    private readonly HttpClient http;

    public BankClient(string url, string requestedBy = "operator", string channel = Channel, HttpMessageHandler? handler = null)
    {
        http = new HttpClient(handler ?? new SocketsHttpHandler()) { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(60) };
        http.DefaultRequestHeaders.Add("X-Requested-By", requestedBy);
        http.DefaultRequestHeaders.Add("X-Channel", channel);
    }

    /// <summary>Sends a command and waits for its outcome, under the same key again and again while the bank does not answer.</summary>
    /// <exception cref="VerbException">The request is malformed, or there was no outcome in time.</exception>
    public async Task<CommandOutcome> Send(
        string accountId, string command, object body, string key, TimeSpan limit, CancellationToken cancellationToken)
    {
        var deadline = DateTimeOffset.UtcNow + limit;
        while (true)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, $"/accounts/{Uri.EscapeDataString(accountId)}/commands/{command}") { Content = JsonContent.Create(body) };
                request.Headers.Add("Idempotency-Key", key);
                request.Headers.Add("Prefer", "wait=20");
                using var response = await http.SendAsync(request, cancellationToken);
                var json = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
                if (response.StatusCode == HttpStatusCode.OK) return CommandOutcome.Of(json);
                if (response.StatusCode == HttpStatusCode.UnprocessableEntity) throw new KeyUsedException(Problem(json));
                if ((int)response.StatusCode is >= 400 and < 500) throw new VerbException(ExitCode.Malformed, Problem(json));
            }
            catch (Exception exception) when (IsTransient(exception, cancellationToken))
            {
                // The gateway is starting again; the key makes the repetition harmless.
            }

            if (DateTimeOffset.UtcNow > deadline)
                throw new VerbException(ExitCode.Unavailable, $"There was no outcome of '{command}' on account {accountId} within {limit}; ask again with key {key}.");
            await Task.Delay(Retry, cancellationToken);
        }
    }

    /// <summary>Reads a resource.</summary>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="VerbException">The bank does not answer, or refuses the query.</exception>
    public async Task<JsonElement?> Get(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(path, cancellationToken);
            if (response.StatusCode == HttpStatusCode.NotFound) return null;
            var json = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            if (response.IsSuccessStatusCode) return json;
            throw (int)response.StatusCode < 500
                ? new VerbException(ExitCode.Malformed, Problem(json))
                : new VerbException(ExitCode.Unavailable, $"The bank cannot answer now: {(int)response.StatusCode} {Problem(json)}");
        }
        catch (Exception exception) when (IsTransient(exception, cancellationToken))
        {
            throw new VerbException(ExitCode.Unavailable, $"The bank does not answer at {http.BaseAddress}: {exception.Message}");
        }
    }

    /// <summary>Reads a resource again and again until it is as wished.</summary>
    /// <exception cref="VerbException">It is not in time.</exception>
    public async Task<JsonElement> Await(string path, Func<JsonElement, bool> wished, TimeSpan limit, CancellationToken cancellationToken)
    {
        var deadline = DateTimeOffset.UtcNow + limit;
        while (true)
        {
            if (await Get(path, cancellationToken) is { } json && wished(json)) return json;
            if (DateTimeOffset.UtcNow > deadline) throw new VerbException(ExitCode.Unavailable, $"{path} did not become as expected within {limit}.");
            await Task.Delay(100, cancellationToken);
        }
    }

    public void Dispose() => http.Dispose();

    private static bool IsTransient(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or JsonException or IOException
        || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested);

    private static string Problem(JsonElement problem)
    {
        if (problem.TryGetProperty("errors", out var errors))
            return string.Join("; ", errors.EnumerateObject().Select(error => $"{error.Name}: {string.Join(", ", error.Value.EnumerateArray())}"));
        return problem.TryGetProperty("detail", out var detail) || problem.TryGetProperty("title", out detail) ? detail.ToString() : problem.ToString();
    }
}

/// <summary>What became of a command.</summary>
internal sealed record CommandOutcome(bool IsCompleted, string Event, string? Reason, JsonElement Json)
{
    public static CommandOutcome Of(JsonElement json) => new(
        json.GetProperty("status").GetString() == "completed", json.GetProperty("event").GetString() ?? "", json.GetProperty("reason").GetString(), json);
}
