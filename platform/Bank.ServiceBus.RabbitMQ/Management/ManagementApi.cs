using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Bank.ServiceBus.RabbitMQ;

/// <summary>The few questions that are asked of the broker's HTTP API.</summary>
internal sealed class ManagementApi : IDisposable
{
    private readonly HttpClient http;
    private readonly Uri address;

    public ManagementApi(ConnectionSettings connection, TlsSettings tls, ManagementApiConfiguration? configuration)
    {
        var handler = new HttpClientHandler { AllowAutoRedirect = false };
        if (tls.ClientCertificate is { } certificate) handler.ClientCertificates.Add(certificate);
        if (!tls.ValidateRemoteCertificate) handler.ServerCertificateCustomValidationCallback = (_, _, _, _) => true;
        var url = configuration?.Url ?? (connection.UseTls ? $"https://{connection.Host}:15671" : $"http://{connection.Host}:15672");
        address = new Uri(url.TrimEnd('/') + "/");
        http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(30) };
        var credentials = $"{configuration?.UserName ?? connection.UserName}:{configuration?.Password ?? connection.Password}";
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
    }

    /// <returns>Whether a feature flag is on.</returns>
    public async Task<bool> HasFeature(string name, CancellationToken cancellationToken) =>
        await Get("api/feature-flags", cancellationToken) is { } flags
        && flags.EnumerateArray().Any(flag => flag.GetProperty("name").GetString() == name && flag.GetProperty("state").GetString() == "enabled");

    /// <returns>What the broker tells about a queue; null when there is none.</returns>
    public Task<JsonElement?> Queue(string virtualHost, string queue, CancellationToken cancellationToken) =>
        Get($"api/queues/{Uri.EscapeDataString(virtualHost)}/{Uri.EscapeDataString(queue)}", cancellationToken);

    public async Task PutPolicy(string virtualHost, string name, object policy, CancellationToken cancellationToken)
    {
        var path = $"api/policies/{Uri.EscapeDataString(virtualHost)}/{Uri.EscapeDataString(name)}";
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(address, path)) { Content = JsonContent.Create(policy) };
        using var answer = await Send(request, cancellationToken);
        await Expect(answer, path, cancellationToken);
    }

    public void Dispose() => http.Dispose();

    private async Task<JsonElement?> Get(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, path));
        using var answer = await Send(request, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound) return null;
        await Expect(answer, path, cancellationToken);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }

    private async Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await http.SendAsync(request, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new InvalidOperationException(
                $"The management API of the broker cannot be reached at {address}: {exception.Message} Turn the plug-in rabbitmq_management on or set ManagementApiConfiguration; "
                + "or do without, by DisabledBrokerRequirementChecks with StreamsEnabled and ValidateDeliveryLimits = false.",
                exception);
        }
    }

    private async Task Expect(HttpResponseMessage answer, string path, CancellationToken cancellationToken)
    {
        if (answer.IsSuccessStatusCode) return;
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        var reason = answer.StatusCode == HttpStatusCode.Unauthorized ? "the credentials are refused; set ManagementApiConfiguration" : text;
        throw new InvalidOperationException($"The management API of the broker answered {(int)answer.StatusCode} for {address}{path}: {reason}");
    }
}
