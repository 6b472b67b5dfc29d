using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Bank.LocalServers;

namespace Bank.ServiceBus.Transport.Tests.RabbitMq;

/// <summary>A broker with the management plug-in and a low limit for bodies, for all tests that ask it.</summary>
[CollectionDefinition(Name)]
public sealed class BrokerWithManagement : IAsyncLifetime, ICollectionFixture<BrokerWithManagement>
{
    public const string Name = "Broker with the management plug-in";

    /// <summary>The longest body that the broker takes; other tests send far less.</summary>
    public const int MostMessageBytes = 1_000_000;

    private readonly string folder = Path.Combine(Path.GetTempPath(), "broker-" + Guid.NewGuid().ToString("N"));
    private RabbitMqServer? server;

    public string ConnectionString => server!.ConnectionString;

    public string Url => server!.ManagementUrl;

    public async Task<string> Request(HttpMethod method, string path, object? body = null)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("guest:guest")));
        using var request = new HttpRequestMessage(method, $"{Url}/api/{path}") { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync();
    }

    public async Task InitializeAsync()
    {
        if (RabbitMqServer.IsInstalled) server = await RabbitMqServer.StartAsync(folder, new RabbitMqServer.Extras(Management: true, MostMessageBytes: MostMessageBytes));
    }

    public async Task DisposeAsync()
    {
        if (server is null) return;
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
