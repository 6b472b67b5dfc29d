using System.Text.Json;
using Bank.LocalServers;

namespace Bank.ServiceBus.Transport.Tests.RabbitMq;

/// <summary>The checks that need the management plug-in, against a broker that has it.</summary>
[Collection(BrokerWithManagement.Name)]
public sealed class ManagementTests(BrokerWithManagement broker)
{
    [SkippableFact]
    public async Task With_the_plug_in_every_check_passes_and_messages_flow()
    {
        await using var endpoint = await TestTransport.Start(Transport(), "checked");
        await endpoint.Send(endpoint.Address, "hello");
        await Eventually.Holds(() => endpoint.All.Count == 1, "arrival");
    }

    [SkippableFact]
    public async Task Connections_that_the_broker_closes_are_opened_again_and_nothing_is_lost()
    {
        var transport = Transport();
        transport.NetworkRecoveryInterval = TimeSpan.FromMilliseconds(200);
        await using var endpoint = await TestTransport.Start(transport, "cut");
        await endpoint.Send(endpoint.Address, "before");
        await Eventually.Holds(() => endpoint.All.Any(message => message.Body == "before"), "arrival before");
        // The plug-in learns of connections some seconds after they are opened.
        string[] cut = [];
        await Eventually.Holds(() => (cut = [.. ConnectionsOf("cut").GetAwaiter().GetResult()]).Length == 2, "both connections in the plug-in's list");
        foreach (var name in cut) await broker.Request(HttpMethod.Delete, "connections/" + Uri.EscapeDataString(name), null);
        var sent = 0;
        await Eventually.Holds(
            () =>
            {
                try
                {
                    endpoint.Send(endpoint.Address, "after").GetAwaiter().GetResult();
                    sent++;
                }
                catch (Exception)
                {
                    // Cut in the middle of the send: nothing is promised of it.
                }

                return sent == 3;
            },
            "three sends after the cut");
        await Eventually.Holds(() => endpoint.All.Count(message => message.Body == "after") >= 3, "arrival after");
    }

    [SkippableFact]
    public async Task A_delivery_limit_that_somebody_set_is_refused_at_start_unless_told_otherwise()
    {
        var transport = Transport();
        await broker.Request(HttpMethod.Put, "policies/%2F/low", new { pattern = "^limited$", definition = new Dictionary<string, int> { ["delivery-limit"] = 5 } });
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => TestTransport.Start(transport, "limited"));
        Assert.Contains("limited has a delivery limit of 5", refusal.Message, StringComparison.Ordinal);
        transport.ValidateDeliveryLimits = false;
        await using var endpoint = await TestTransport.Start(transport, "limited");
    }

    [SkippableFact]
    public async Task Credentials_that_the_plug_in_refuses_are_named()
    {
        var transport = Transport();
        transport.ManagementApiConfiguration = new ManagementApiConfiguration(broker.Url, "guest", "wrong");
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => TestTransport.Start(transport, "credentials"));
        Assert.Contains("401", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", refusal.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_plug_in_that_is_not_there_is_named_with_the_ways_to_do_without()
    {
        var transport = Transport();
        transport.ManagementApiConfiguration = new ManagementApiConfiguration($"http://127.0.0.1:{FreePorts.Take(1)[0]}");
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => TestTransport.Start(transport, "nowhere"));
        Assert.All(["ManagementApiConfiguration", "DisabledBrokerRequirementChecks", "ValidateDeliveryLimits"], name => Assert.Contains(name, refusal.Message, StringComparison.Ordinal));
        transport.DisabledBrokerRequirementChecks = BrokerRequirementChecks.StreamsEnabled | BrokerRequirementChecks.Version310OrNewer;
        transport.ValidateDeliveryLimits = false;
        await using var endpoint = await TestTransport.Start(transport, "nowhere");
    }

    [SkippableFact]
    public async Task Without_installers_a_queue_that_is_not_there_is_named()
    {
        Skip.IfNot(RabbitMqServer.IsInstalled, RabbitMqServer.HowToInstall);
        var settings = new HostSettings("missing", "test", false, (_, _, _) => { }, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, TimeProvider.System);
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(
            () => Transport().Initialize(settings, [new ReceiveSettings("Main", new QueueAddress("missing"), true, false, "error")], ["error"]));
        Assert.Contains("missing does not exist", refusal.Message, StringComparison.Ordinal);
    }

    private RabbitMQTransport Transport()
    {
        Skip.IfNot(RabbitMqServer.IsInstalled, RabbitMqServer.HowToInstall);
        return new RabbitMQTransport(RoutingTopology.Conventional(QueueType.Quorum), broker.ConnectionString) { ManagementApiConfiguration = new ManagementApiConfiguration(broker.Url) };
    }

    private async Task<IEnumerable<string>> ConnectionsOf(string endpoint) =>
        JsonDocument.Parse(await broker.Request(HttpMethod.Get, "connections", null)).RootElement.EnumerateArray()
            .Where(connection => connection.TryGetProperty("user_provided_name", out var name) && name.GetString() is { } text && (text == endpoint + " Publish" || text == endpoint + " MessagePump"))
            .Select(connection => connection.GetProperty("name").GetString()!);
}
