using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Bank.LocalServers;
using Bank.ServiceBus.RabbitMQ;

namespace Bank.ServiceBus.Transport.Tests.RabbitMq;

/// <summary>What is done about delivery limits, by version of the broker and by what its API answers.</summary>
public sealed class DeliveryLimitTests : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly string url = $"http://127.0.0.1:{FreePorts.Take(1)[0]}";
    private readonly ConcurrentQueue<(string Request, string Body)> requests = new();
    private (int Status, string Body) queue = (200, """{"arguments":{"x-queue-type":"quorum"},"effective_policy_definition":{}}""");

    public DeliveryLimitTests()
    {
        listener.Prefixes.Add(url + "/");
        listener.Start();
        _ = Task.Run(Answer);
    }

    [Fact]
    public async Task On_version_4_a_queue_without_a_limit_gets_one_by_policy()
    {
        await Ensure(new Version(4, 1, 0), "Bank.Orders");
        var (request, body) = requests.Last();
        Assert.Equal("PUT /api/policies/%2F/nsb.Bank.Orders.delivery-limit", request);
        var policy = JsonDocument.Parse(body).RootElement;
        Assert.Equal((@"^Bank\.Orders$", "quorum_queues", 0), (policy.GetProperty("pattern").GetString(), policy.GetProperty("apply-to").GetString(), policy.GetProperty("priority").GetInt32()));
        Assert.Equal(100_000, policy.GetProperty("definition").GetProperty("delivery-limit").GetInt32());
    }

    [Fact]
    public async Task On_version_3_no_limit_is_as_good()
    {
        await Ensure(new Version(3, 13, 7), "q");
        Assert.DoesNotContain(requests, request => request.Request.StartsWith("PUT", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"arguments":{"x-delivery-limit":7},"effective_policy_definition":{}}""", "limit of 7 by its argument")]
    [InlineData("""{"arguments":{},"effective_policy_definition":{"delivery-limit":20},"policy":"mine"}""", "limit of 20 by a policy")]
    [InlineData("""{"arguments":{},"effective_policy_definition":{"max-length":9},"policy":"mine"}""", "policy 'mine'")]
    public async Task A_lower_limit_or_a_foreign_policy_is_refused(string answer, string reason)
    {
        queue = (200, answer);
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => Ensure(new Version(4, 0, 3), "q"));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"arguments":{},"effective_policy_definition":{"delivery-limit":100000},"policy":"nsb.q.delivery-limit"}""")]
    [InlineData("""{"arguments":{"x-delivery-limit":-1},"effective_policy_definition":{}}""")]
    public async Task A_limit_that_is_high_enough_is_left_alone(string answer)
    {
        queue = (200, answer);
        await Ensure(new Version(4, 0, 3), "q");
        Assert.DoesNotContain(requests, request => request.Request.StartsWith("PUT", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_queue_that_does_not_exist_is_named()
    {
        queue = (404, "{}");
        Assert.Contains("q does not exist", (await Assert.ThrowsAsync<InvalidOperationException>(() => Ensure(new Version(4, 0, 3), "q"))).Message, StringComparison.Ordinal);
    }

    public void Dispose() => listener.Close();

    private async Task Ensure(Version broker, string name)
    {
        using var api = new ManagementApi(ConnectionSettings.Parse("host=127.0.0.1"), new TlsSettings(null, true), new ManagementApiConfiguration(url));
        await new DeliveryLimits(api, "/", broker, TimeProvider.System).Ensure(name, CancellationToken.None);
    }

    private async Task Answer()
    {
        while (listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var reader = new StreamReader(context.Request.InputStream);
            requests.Enqueue(($"{context.Request.HttpMethod} {context.Request.RawUrl}", await reader.ReadToEndAsync()));
            var (status, body) = context.Request.HttpMethod == "GET" ? queue : (201, "");
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
            context.Response.Close();
        }
    }
}
