using System.Text.Json;
using Bank.LocalServers;
using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Transport.Tests.RabbitMq;

/// <summary>What an endpoint leaves on a broker that has nothing, to the letter: exchanges, queues, bindings, and who it says it is.</summary>
[Collection(BrokerWithManagement.Name)]
public sealed class TopologyTests(BrokerWithManagement broker)
{
    private const string Types = "Bank.ServiceBus.Transport.Tests:";

    [SkippableFact]
    public async Task An_endpoint_with_delays_declares_28_levels_its_queues_and_the_types_that_it_subscribed_to_and_nothing_else()
    {
        var host = await VirtualHost("wire");
        await using var endpoint = await TestTransport.Start(Transport(host, QueueType.Quorum), "Wired", subscribe: [typeof(OrderPlaced), typeof(IEvent)]);
        var found = await Definitions(host);

        string[] levels = [.. Enumerable.Range(0, 28).Select(Level)];
        Assert.Equal(
            levels.Select(name => name + " topic durable")
                .Concat(["nsb.v2.delay-delivery topic durable", "Wired fanout durable", "Wired.error fanout durable", "System:Object fanout durable"])
                .Concat(new[] { "OrderPlaced", "OrderEvent", "ISomethingHappened" }.Select(type => $"{Types}{type} fanout durable")).Order(StringComparer.Ordinal),
            found.Exchanges);
        Assert.Equal(
            Enumerable.Range(0, 28).Select(level =>
                    $"{Level(level)} durable x-dead-letter-exchange={(level == 0 ? "nsb.v2.delay-delivery" : Level(level - 1))} x-dead-letter-strategy=at-least-once x-message-ttl={1000L << level} x-overflow=reject-publish x-queue-type=quorum")
                .Concat(["Wired durable x-queue-type=quorum", "Wired.error durable x-queue-type=quorum"]).Order(StringComparer.Ordinal),
            found.Queues);
        string Passed(int level, string bit) => string.Concat(Enumerable.Repeat("*.", 27 - level)) + bit + ".#";
        var wanted = Enumerable.Range(0, 28).SelectMany(level => new[]
            {
                $"{Level(level)} -> queue {Level(level)} by {Passed(level, "1")}",
                $"{Level(level)} -> exchange {(level == 0 ? "nsb.v2.delay-delivery" : Level(level - 1))} by {Passed(level, "0")}",
            })
            .Concat(
            [
                "nsb.v2.delay-delivery -> exchange Wired by #.Wired", "Wired -> queue Wired by ", "Wired.error -> queue Wired.error by ",
                $"{Types}OrderPlaced -> exchange {Types}OrderEvent by ", $"{Types}OrderEvent -> exchange System:Object by ", $"{Types}OrderPlaced -> exchange {Types}ISomethingHappened by ",
                $"{Types}OrderPlaced -> exchange Wired by ", "System:Object -> exchange Wired by ",
            ]).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(wanted, found.Bindings);

        await endpoint.Send("Wired.error", "later", new DispatchProperties { DelayDeliveryWith = TimeSpan.FromDays(30) });
        await endpoint.Subscriptions.Unsubscribe(typeof(OrderPlaced));
        Assert.Equal(
            wanted.Append("nsb.v2.delay-delivery -> exchange Wired.error by #.Wired.error").Where(binding => binding != $"{Types}OrderPlaced -> exchange Wired by ").Order(StringComparer.Ordinal),
            (await Definitions(host)).Bindings);
    }

    [SkippableFact]
    public async Task Without_delays_and_durability_an_endpoint_declares_its_queues_alone()
    {
        var host = await VirtualHost("wire-plain");
        var transport = new RabbitMQTransport(RoutingTopology.Conventional(QueueType.Classic, useDurableEntities: false), Connection(host), enableDelayedDelivery: false)
        {
            ManagementApiConfiguration = new ManagementApiConfiguration(broker.Url),
        };
        await using var endpoint = await TestTransport.Start(transport, "Plain");
        var found = await Definitions(host);
        Assert.Equal(["Plain fanout transient", "Plain.error fanout transient"], found.Exchanges);
        Assert.Equal(["Plain transient", "Plain.error transient"], found.Queues);
        Assert.Equal(["Plain -> queue Plain by ", "Plain.error -> queue Plain.error by "], found.Bindings);
    }

    [SkippableFact]
    public async Task An_endpoint_tells_who_it_is_and_takes_three_messages_ahead_for_each_that_it_handles()
    {
        var host = await VirtualHost("wire-names");
        await using var endpoint = await TestTransport.Start(Transport(host, QueueType.Quorum, delays: false), "Named", concurrency: 5);
        await endpoint.Send(endpoint.Address, "hello");
        var consumer = await Eventually.Gives(async () => (await Of("consumers/" + host)).FirstOrDefault(), "the consumer in the plug-in's list");
        Assert.Equal(
            ("test - Named", 15, true, false),
            (consumer.Value.GetProperty("consumer_tag").GetString(), consumer.Value.GetProperty("prefetch_count").GetInt32(), consumer.Value.GetProperty("ack_required").GetBoolean(), consumer.Value.GetProperty("exclusive").GetBoolean()));

        var connections = await Eventually.Gives(
            async () => (await Of($"vhosts/{host}/connections")).Where(one => one.Value.TryGetProperty("user_provided_name", out _)).ToArray() is { Length: 2 } both ? both : null, "both connections in the plug-in's list");
        Assert.Equal(["Named MessagePump", "Named Publish"], connections.Select(one => one.Value.GetProperty("user_provided_name").GetString()).Order(StringComparer.Ordinal));
        Assert.All(connections, one =>
        {
            var told = one.Value.GetProperty("client_properties");
            Assert.Equal(60, one.Value.GetProperty("timeout").GetInt32());
            Assert.Equal(
                ("NServiceBus", "10.2.8", "11.2.1", Environment.MachineName, "guest", "Named"),
                (Text(told, "client_api"), Text(told, "nservicebus_version"), Text(told, "nservicebus.rabbitmq_version"), Text(told, "machine_name"), Text(told, "user"), Text(told, "endpoint_name")));
            Assert.All(["application", "application_location"], name => Assert.NotEqual("", Text(told, name)));
        });
    }

    [SkippableFact]
    public async Task An_exchange_that_somebody_declared_otherwise_fails_who_publishes_and_tells_why()
    {
        var host = await VirtualHost("wire-other");
        await broker.Request(HttpMethod.Put, $"exchanges/{host}/{Uri.EscapeDataString(Types + "OrderEvent")}", new { type = "topic", durable = true });
        await using var endpoint = await TestTransport.Start(Transport(host, QueueType.Quorum, delays: false), "Other");
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => endpoint.Publish(typeof(OrderPlaced), "never"));
        Assert.Contains("inequivalent arg 'type' for exchange 'Bank.ServiceBus.Transport.Tests:OrderEvent'", refusal.Message, StringComparison.Ordinal);
        await endpoint.Send(endpoint.Address, "next");
        await Eventually.Holds(() => endpoint.All.Any(message => message.Body == "next"), "what is sent afterwards");
    }

    private static string Level(int level) => $"nsb.v2.delay-level-{level:00}";

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private string Connection(string virtualHost) => $"{broker.ConnectionString};virtualHost={virtualHost}";

    private RabbitMQTransport Transport(string virtualHost, QueueType queueType, bool delays = true) =>
        new(RoutingTopology.Conventional(queueType), Connection(virtualHost), delays) { ManagementApiConfiguration = new ManagementApiConfiguration(broker.Url), ValidateDeliveryLimits = false };

    private async Task<string> VirtualHost(string name)
    {
        Skip.IfNot(RabbitMqServer.IsInstalled, RabbitMqServer.HowToInstall);
        await broker.Request(HttpMethod.Put, "vhosts/" + name);
        await broker.Request(HttpMethod.Put, $"permissions/{name}/guest", new { configure = ".*", write = ".*", read = ".*" });
        return name;
    }

    private async Task<Described[]> Of(string path) =>
        [.. JsonDocument.Parse(await broker.Request(HttpMethod.Get, path)).RootElement.EnumerateArray().Select(element => new Described(element))];

    /// <summary>Everything that somebody declared in a virtual host, a line for each.</summary>
    private async Task<(string[] Exchanges, string[] Queues, string[] Bindings)> Definitions(string virtualHost)
    {
        var all = JsonDocument.Parse(await broker.Request(HttpMethod.Get, "definitions/" + virtualHost)).RootElement;
        string[] Lines(string kind, Func<JsonElement, string> line) => [.. all.GetProperty(kind).EnumerateArray().Select(line).Order(StringComparer.Ordinal)];
        static string Durability(JsonElement one) => one.GetProperty("auto_delete").GetBoolean() ? "deleted by itself" : one.GetProperty("durable").GetBoolean() ? "durable" : "transient";
        static string Arguments(JsonElement one) => string.Concat(one.GetProperty("arguments").EnumerateObject().OrderBy(argument => argument.Name, StringComparer.Ordinal).Select(argument => $" {argument.Name}={argument.Value}"));
        return (
            Lines("exchanges", one => $"{Text(one, "name")} {Text(one, "type")} {Durability(one)}{(one.GetProperty("internal").GetBoolean() ? " internal" : "")}{Arguments(one)}"),
            Lines("queues", one => $"{Text(one, "name")} {Durability(one)}{Arguments(one)}"),
            Lines("bindings", one => $"{Text(one, "source")} -> {Text(one, "destination_type")} {Text(one, "destination")} by {Text(one, "routing_key")}{Arguments(one)}"));
    }

    /// <summary>What the plug-in tells about one thing.</summary>
    private sealed record Described(JsonElement Value);
}
