using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Bank.LocalServers;
using Bank.ServiceBus.RabbitMQ;
using Microsoft.Extensions.Time.Testing;

namespace Bank.ServiceBus.Transport.Tests.RabbitMq;

/// <summary>What is demanded of a broker, and what is done about delivery limits, by its version and by what its API answers.</summary>
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

    [Fact]
    public async Task What_the_broker_tells_of_a_new_queue_is_waited_for_every_three_seconds_a_minute_long()
    {
        queue = (200, """{"arguments":{}}""");
        var clock = new FakeTimeProvider();
        var waiting = Ensure(new Version(4, 0, 3), "q", clock);
        await Eventually.Holds(() => requests.Count == 1, "the first question");
        for (var asked = 2; asked <= 20; asked++)
        {
            await Eventually.Holds(
                () =>
                {
                    // The pause may begin a moment after the answer.
                    clock.Advance(TimeSpan.FromSeconds(3));
                    return requests.Count >= asked;
                },
                "the next question");
        }

        Assert.Contains("did not tell the policies of the queue q", (await Assert.ThrowsAsync<InvalidOperationException>(() => waiting)).Message, StringComparison.Ordinal);
        Assert.Equal(20, requests.Count);

        var again = Ensure(new Version(3, 13, 7), "q", clock);
        await Eventually.Holds(() => requests.Count == 21, "a question");
        queue = (200, """{"arguments":{},"effective_policy_definition":{}}""");
        await Eventually.Holds(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(3));
                return again.IsCompleted;
            },
            "the answer");
        await again;
    }

    [Theory]
    [InlineData("""[{"name":"stream_queue","state":"enabled"}]""", true)]
    [InlineData("""[{"name":"stream_queue","state":"disabled"}]""", false)]
    [InlineData("""[{"name":"quorum_queue","state":"enabled"}]""", false)]
    public async Task A_feature_is_there_when_its_flag_is_on(string answer, bool there)
    {
        queue = (200, answer);
        using var api = Api();
        Assert.Equal(there, await api.HasFeature("stream_queue", CancellationToken.None));
        Assert.Equal("GET /api/feature-flags", Assert.Single(requests).Request);
    }

    [SkippableFact]
    public async Task A_broker_without_streams_is_refused_unless_told_otherwise()
    {
        queue = (200, """[{"name":"stream_queue","state":"disabled"}]""");
        var transport = Broker.Transport(QueueType.Quorum, delays: false);
        transport.ManagementApiConfiguration = new ManagementApiConfiguration(url);
        transport.DisabledBrokerRequirementChecks = BrokerRequirementChecks.None;
        var name = "streamless-" + Guid.NewGuid().ToString("N")[..8];
        Assert.Contains("stream_queue", (await Assert.ThrowsAsync<InvalidOperationException>(() => TestTransport.Start(transport, name))).Message, StringComparison.Ordinal);
        transport.DisabledBrokerRequirementChecks = BrokerRequirementChecks.StreamsEnabled;
        await using var endpoint = await TestTransport.Start(transport, name);
    }

    [Theory]
    [InlineData("host=broker.invalid", "http://broker.invalid:15672/")]
    [InlineData("host=broker.invalid;useTls=true", "https://broker.invalid:15671/")]
    public async Task Unless_configured_the_plug_in_is_asked_where_it_usually_listens(string connection, string address)
    {
        using var api = new ManagementApi(ConnectionSettings.Parse(connection), new TlsSettings(null, true), new ManagementApiConfiguration("user", "password"));
        Assert.Contains(address, (await Assert.ThrowsAsync<InvalidOperationException>(() => api.Queue("/", "q", CancellationToken.None))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broker_older_than_3_10_is_refused()
    {
        BrokerVersion.Check(new Version(3, 10, 0));
        Assert.Contains("3.9.29", Assert.Throws<InvalidOperationException>(() => BrokerVersion.Check(new Version(3, 9, 29))).Message, StringComparison.Ordinal);
    }

    public void Dispose() => listener.Close();

    private ManagementApi Api() => new(ConnectionSettings.Parse("host=127.0.0.1"), new TlsSettings(null, true), new ManagementApiConfiguration(url));

    private async Task Ensure(Version broker, string name, TimeProvider? clock = null)
    {
        using var api = Api();
        await new DeliveryLimits(api, "/", broker, clock ?? TimeProvider.System).Ensure(name, CancellationToken.None);
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
