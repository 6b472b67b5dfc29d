using System.Text.Json;
using Bank.ServiceBus.Tests.Core;

namespace Bank.ServiceBus.ServicePlatform.Tests;

public sealed class HeartbeatTests
{
    private const string Startup = "ServiceControl.Plugin.Heartbeat.Messages.RegisterEndpointStartup";
    private const string Heartbeat = "ServiceControl.Plugin.Heartbeat.Messages.EndpointHeartbeat";

    [Fact]
    public async Task An_endpoint_says_once_that_it_has_started()
    {
        await using var endpoint = await TestEndpoint.Start(configuration => configuration.SendHeartbeatTo(Reports.Queue));
        await Eventually.Holds(() => endpoint.Dispatcher.OfType(Startup).Length > 0, "start-up");

        var message = Assert.Single(endpoint.Dispatcher.OfType(Startup));
        Assert.Equal(Reports.Queue, message.Destination());
        Assert.Equal(Reports.HeadersFor(Startup), message.Message.Headers);
        Assert.Equal(TimeSpan.FromSeconds(40), message.Properties.DiscardIfNotReceivedBefore);
        Assert.True(Guid.TryParseExact(message.Message.MessageId, "D", out _));
        var json = JsonDocument.Parse(message.Text()).RootElement;
        Assert.Equal(
            ["HostId", "Endpoint", "StartedAt", "HostProperties", "HostDisplayName", "Host"],
            json.EnumerateObject().Select(member => member.Name));
        Assert.Equal(
            ("0a1b2c3d-0000-4000-8000-000000000001", TestEndpoint.Name, "2026-08-05T13:14:43.123456Z", "instance-a", "instance-a"),
            (Text("HostId"), Text("Endpoint"), Text("StartedAt"), Text("HostDisplayName"), Text("Host")));
        var properties = json.GetProperty("HostProperties");
        Assert.Equal(["Machine", "ProcessID", "UserName", "PathToExecutable"], properties.EnumerateObject().Select(member => member.Name));
        Assert.Equal(Environment.MachineName, properties.GetProperty("Machine").GetString());
        Assert.Equal($"{Environment.ProcessId}", properties.GetProperty("ProcessID").GetString());
        Assert.Equal(Environment.UserName, properties.GetProperty("UserName").GetString());
        Assert.True(Path.IsPathFullyQualified(properties.GetProperty("PathToExecutable").GetString()!));

        string? Text(string name) => json.GetProperty(name).GetString();
    }

    [Fact]
    public async Task Heartbeats_follow_from_one_interval_after_the_start()
    {
        await using var endpoint = await TestEndpoint.Start(configuration => configuration.SendHeartbeatTo(Reports.Queue));
        endpoint.Clock.Advance(TimeSpan.FromSeconds(9.9));
        await Eventually.Holds(() => endpoint.Dispatcher.OfType(Startup).Length > 0, "start-up");
        Assert.Empty(endpoint.Dispatcher.OfType(Heartbeat));

        endpoint.Clock.Advance(TimeSpan.FromSeconds(0.1));
        await Eventually.Holds(() => endpoint.Dispatcher.OfType(Heartbeat).Length == 1, "first heartbeat");
        var message = endpoint.Dispatcher.OfType(Heartbeat).Single();
        Assert.Equal(Reports.Queue, message.Destination());
        Assert.Equal(Reports.HeadersFor(Heartbeat), message.Message.Headers);
        Assert.Equal(TimeSpan.FromSeconds(40), message.Properties.DiscardIfNotReceivedBefore);
        Assert.Equal(
            """{"ExecutedAt":"2026-08-05T13:14:53.123456Z","EndpointName":"Test.Endpoint","HostId":"0a1b2c3d-0000-4000-8000-000000000001","Host":"instance-a"}""",
            message.Text());

        endpoint.Clock.Advance(TimeSpan.FromSeconds(10));
        await Eventually.Holds(() => endpoint.Dispatcher.OfType(Heartbeat).Length == 2, "second heartbeat");
    }

    [Fact]
    public async Task Frequency_and_lifetime_can_be_chosen()
    {
        await using var endpoint = await TestEndpoint.Start(
            configuration => configuration.SendHeartbeatTo(Reports.Queue, TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(5)));
        endpoint.Clock.Advance(TimeSpan.FromSeconds(3));
        await Eventually.Holds(() => endpoint.Dispatcher.OfType(Heartbeat).Length == 1 && endpoint.Dispatcher.OfType(Startup).Length == 1, "start-up and heartbeat");
        Assert.All(endpoint.Dispatcher.Dispatched, message => Assert.Equal(TimeSpan.FromMinutes(5), message.Properties.DiscardIfNotReceivedBefore));
    }

    [Fact]
    public async Task A_start_that_could_not_be_reported_is_reported_a_minute_later()
    {
        await using var endpoint = TestEndpoint.Build(configuration => configuration.SendHeartbeatTo(Reports.Queue, TimeSpan.FromDays(40)));
        endpoint.Dispatcher.FailNext = new IOException("The queue is missing.");
        await endpoint.StartAsync();
        await Eventually.Holds(
            () => endpoint.Dispatcher.OfType(Startup).Length > 0, "second attempt", () => endpoint.Clock.Advance(TimeSpan.FromSeconds(20)));
        Assert.Contains("2026-08-05T13:14:43.123456Z", Assert.Single(endpoint.Dispatcher.OfType(Startup)).Text());
        Assert.True(endpoint.Clock.GetUtcNow() >= new DateTimeOffset(2026, 8, 5, 13, 15, 43, TimeSpan.Zero));
    }

    [Fact]
    public async Task An_endpoint_handles_messages_whatever_becomes_of_its_heartbeats()
    {
        await using var endpoint = TestEndpoint.Build(configuration => configuration.SendHeartbeatTo(Reports.Queue));
        endpoint.Dispatcher.FailNext = new IOException("The queue is missing.");
        await endpoint.StartAsync();
        await Eventually.Holds(() => endpoint.Dispatcher.FailNext is null, "failed start-up");
        Assert.Equal(1, await endpoint.Deliver(new Ping("x")));

        endpoint.Dispatcher.FailNext = new IOException("The queue is missing.");
        endpoint.Clock.Advance(TimeSpan.FromSeconds(10));
        await Eventually.Holds(() => endpoint.Dispatcher.FailNext is null, "failed heartbeat");
        endpoint.Clock.Advance(TimeSpan.FromSeconds(10));
        await Eventually.Holds(() => endpoint.Dispatcher.OfType(Heartbeat).Length > 0, "heartbeat after the failed one");
    }

    [Fact]
    public async Task Who_only_sends_names_no_address_to_reply_to()
    {
        await using var endpoint = await TestEndpoint.Start(configuration =>
        {
            configuration.SendOnly();
            configuration.SendHeartbeatTo(Reports.Queue);
        });
        await Eventually.Holds(() => endpoint.Dispatcher.OfType(Startup).Length > 0, "start-up");
        Assert.DoesNotContain("NServiceBus.ReplyToAddress", endpoint.Dispatcher.Single().Message.Headers.Keys);
    }

    [Fact]
    public async Task No_heartbeat_follows_the_stop()
    {
        await using var endpoint = await TestEndpoint.Start(configuration => configuration.SendHeartbeatTo(Reports.Queue));
        await endpoint.StopAsync();
        endpoint.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(endpoint.Dispatcher.OfType(Heartbeat));
    }

    [Theory]
    [InlineData(0, 1, "frequency")]
    [InlineData(-1, 1, "frequency")]
    [InlineData(1, 0, "timeToLive")]
    public void Durations_must_be_above_zero(int frequency, int timeToLive, string named)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            new EndpointConfiguration("x").SendHeartbeatTo(Reports.Queue, TimeSpan.FromSeconds(frequency), TimeSpan.FromSeconds(timeToLive)));
        Assert.Equal(named, error.ParamName);
    }
}
