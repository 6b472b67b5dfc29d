using System.Text;
using Bank.ServiceBus.Transport;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Bank.ServiceBus.Transport.Tests.RabbitMq;

/// <summary>What other clients of the broker see and send.</summary>
[Collection(Broker.EventTypes)]
public sealed class ForeignClientTests
{
    private readonly string suffix = Guid.NewGuid().ToString("N")[..8];

    [SkippableFact]
    public async Task An_outgoing_message_has_the_properties_of_the_wire_format()
    {
        await using var endpoint = await Start("sender", receive: false);
        var headers = new Dictionary<string, string>
        {
            [Headers.CorrelationId] = "c1", [Headers.ReplyToAddress] = "here", [Headers.ContentType] = "application/json",
            [Headers.EnclosedMessageTypes] = "Some.Type, Some.Assembly, Version=1.0.0.0;Some.Base, Some.Assembly",
        };
        await endpoint.Send(endpoint.Address, "{}", new DispatchProperties { DiscardIfNotReceivedBefore = TimeSpan.FromSeconds(90) }, headers, "m1");
        await using var connection = await Broker.Connect();
        await using var channel = await connection.CreateChannelAsync();
        var got = (await channel.BasicGetAsync(endpoint.Address, autoAck: true))!;
        var properties = got.BasicProperties;
        Assert.Equal(
            ("m1", "c1", "here", "Some.Type", "application/json", DeliveryModes.Persistent, "90000"),
            (properties.MessageId, properties.CorrelationId, properties.ReplyTo, properties.Type, properties.ContentType, properties.DeliveryMode, properties.Expiration));
        Assert.Equal("{}", Encoding.UTF8.GetString(got.Body.Span));
        Assert.All(headers, header => Assert.Equal(header.Value, Encoding.UTF8.GetString((byte[])properties.Headers![header.Key]!)));
        Assert.False(properties.IsTimestampPresent() || properties.IsAppIdPresent() || properties.IsUserIdPresent() || properties.IsPriorityPresent());
    }

    [SkippableFact]
    public async Task The_properties_of_an_outgoing_message_can_be_changed_before_it_is_published()
    {
        var transport = Broker.Transport(QueueType.Quorum);
        transport.OutgoingNativeMessageCustomization = (operation, properties) =>
        {
            properties.AppId = operation.Message.Headers["app"];
            properties.Priority = (byte)(operation.Properties.DiscardIfNotReceivedBefore is null ? 1 : 2);
        };
        await using var endpoint = await TestTransport.Start(transport, "native-" + suffix, receive: false);
        await endpoint.Send(endpoint.Address, "{}", new DispatchProperties { DiscardIfNotReceivedBefore = TimeSpan.FromSeconds(90) }, new() { ["app"] = "teller" }, "m1");
        await using var connection = await Broker.Connect();
        await using var channel = await connection.CreateChannelAsync();
        var got = (await channel.BasicGetAsync(endpoint.Address, autoAck: true))!;
        Assert.Equal(("m1", "teller", 2), (got.BasicProperties.MessageId, got.BasicProperties.AppId, got.BasicProperties.Priority));
    }

    [SkippableFact]
    public async Task A_plain_client_reaches_an_endpoint_with_id_type_and_body_alone()
    {
        await using var endpoint = await Start("receiver");
        await Publish(endpoint.Address, new BasicProperties { MessageId = "foreign-1", Type = "Some.Type", ContentType = "application/json", ReplyTo = "me", CorrelationId = "c9" }, "{\"a\":1}");
        await Eventually.Holds(() => endpoint.All.Count == 1, "arrival");
        var message = endpoint.All.Single();
        Assert.Equal(("foreign-1", "{\"a\":1}"), (message.Id, message.Body));
        Assert.Equal(
            ("Some.Type", "application/json", "me", "c9"),
            (message.Headers[Headers.EnclosedMessageTypes], message.Headers[Headers.ContentType], message.Headers[Headers.ReplyToAddress], message.Headers[Headers.CorrelationId]));
    }

    [SkippableFact]
    public async Task Headers_of_every_kind_become_text()
    {
        await using var endpoint = await Start("receiver");
        var headers = new Dictionary<string, object?>
        {
            ["number"] = 42, ["flag"] = true, ["none"] = null, ["time"] = new AmqpTimestamp(1767225600), ["bytes"] = "text"u8.ToArray(),
            ["list"] = new List<object?> { "a", 1 }, ["table"] = new Dictionary<string, object?> { ["k"] = "v", ["n"] = 2 }, ["x-death"] = "of the broker",
        };
        await Publish(endpoint.Address, new BasicProperties { MessageId = "h1", Headers = headers }, "{}");
        await Eventually.Holds(() => endpoint.All.Count == 1, "arrival");
        var read = endpoint.All.Single().Headers;
        Assert.Equal(
            ("42", "True", "", "2026-01-01 00:00:00:000000 Z", "text", "a;1", "k=v,n=2"),
            (read["number"], read["flag"], read["none"], read["time"], read["bytes"], read["list"], read["table"]));
        Assert.False(read.ContainsKey("x-death"));
    }

    [SkippableFact]
    public async Task Properties_take_the_place_of_headers_and_what_the_broker_and_the_transport_wrote_is_left_out()
    {
        await using var endpoint = await Start("receiver");
        var headers = new Dictionary<string, object?>
        {
            [Headers.ReplyToAddress] = "of the header", [Headers.CorrelationId] = "of the header", [Headers.ContentType] = "of the header", [Headers.EnclosedMessageTypes] = "Of.The.Header",
            ["NServiceBus.Transport.RabbitMQ.DelayInSeconds"] = 10, ["NServiceBus.Transport.RabbitMQ.ConfirmationId"] = "7", ["x-dotnet-pub-seq-no"] = "8", ["x-delivery-count"] = 0L,
            ["x-death"] = "d", ["x-first-death-exchange"] = "d", ["x-first-death-queue"] = "d", ["x-first-death-reason"] = "d", ["x-last-death-queue"] = "stays",
        };
        BasicProperties properties = new()
        {
            MessageId = "p1", ReplyTo = "of the property", CorrelationId = "of the property", ContentType = "of the property", Type = "Of.The.Property",
            DeliveryMode = DeliveryModes.Transient, Headers = headers,
        };
        await Publish(endpoint.Address, properties, "{}");
        await Eventually.Holds(() => endpoint.All.Count == 1, "arrival");
        Assert.Equal(
            new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                [Headers.ReplyToAddress] = "of the property", [Headers.CorrelationId] = "of the property", [Headers.ContentType] = "of the property", [Headers.EnclosedMessageTypes] = "Of.The.Header",
                ["NServiceBus.Transport.RabbitMQ.UseNonPersistentDelivery"] = "True", ["x-last-death-queue"] = "stays",
            },
            new SortedDictionary<string, string>(endpoint.All.Single().Headers, StringComparer.Ordinal));

        headers["NServiceBus.RabbitMQ.CallbackQueue"] = "of the callback";
        await Publish(endpoint.Address, new BasicProperties(properties) { MessageId = "p2" }, "{}");
        await Eventually.Holds(() => endpoint.All.Count == 2, "arrival");
        Assert.Equal("of the callback", endpoint.All.Last().Headers[Headers.ReplyToAddress]);
    }

    [SkippableFact]
    public async Task Ids_of_ones_own_strategy_take_the_place_of_native_ones_and_the_header_that_of_a_blank_one()
    {
        var transport = Broker.Transport(QueueType.Quorum);
        transport.MessageIdStrategy = delivery => delivery.BasicProperties.AppId is { } app ? app + "-1" : " ";
        await using var endpoint = await TestTransport.Start(transport, "strategic-" + suffix);
        await Publish(endpoint.Address, new BasicProperties { AppId = "legacy" }, "{}");
        await Publish(endpoint.Address, new BasicProperties { MessageId = "native", Headers = new Dictionary<string, object?> { [Headers.MessageId] = "of the header" } }, "{}");
        await Eventually.Holds(() => endpoint.All.Count == 2, "arrival");
        Assert.Equal(["legacy-1", "of the header"], endpoint.All.Select(message => message.Id));
    }

    [SkippableFact]
    public async Task A_message_without_an_id_goes_to_the_error_queue_unchanged_and_the_next_one_is_handled()
    {
        await using var endpoint = await Start("receiver");
        await Publish(endpoint.Address, new BasicProperties { Type = "Some.Type", Headers = new Dictionary<string, object?> { ["mine"] = "kept" } }, "no id");
        await Publish(endpoint.Address, new BasicProperties { MessageId = "fine" }, "fine");
        await Eventually.Holds(() => endpoint.All.Count == 1, "the good message");
        await using var connection = await Broker.Connect();
        await using var channel = await connection.CreateChannelAsync();
        BasicGetResult? poison = null;
        await Eventually.Holds(() => (poison ??= channel.BasicGetAsync(endpoint.Address + ".error", true).GetAwaiter().GetResult()) is not null, "the poison message");
        Assert.Equal(("no id", "Some.Type", "kept"), (Encoding.UTF8.GetString(poison!.Body.Span), poison.BasicProperties.Type, Encoding.UTF8.GetString((byte[])poison.BasicProperties.Headers!["mine"]!)));
    }

    [SkippableFact]
    public async Task A_message_whose_headers_cannot_be_read_goes_to_the_error_queue_whoever_wrote_it_and_stays_there()
    {
        await using var endpoint = await Start("receiver");
        // The client shows such an instant as a number that no date has.
        var headers = new Dictionary<string, object?> { ["when"] = new AmqpTimestamp(253402300800) };
        await Publish(endpoint.Address, new BasicProperties { MessageId = "bad", UserId = "guest", Expiration = "60000", Headers = headers }, "bad");
        await using var connection = await Broker.Connect();
        await using var channel = await connection.CreateChannelAsync();
        BasicGetResult? moved = null;
        var limit = DateTimeOffset.UtcNow.AddMinutes(1);
        while (moved is null)
        {
            Assert.True(DateTimeOffset.UtcNow < limit, "The message did not come to the error queue.");
            moved = await channel.BasicGetAsync(endpoint.Address + ".error", autoAck: true);
            if (moved is null) await Task.Delay(20);
        }

        Assert.Equal(("bad", "bad"), (moved.BasicProperties.MessageId, Encoding.UTF8.GetString(moved.Body.Span)));
        Assert.False(moved.BasicProperties.IsExpirationPresent());
        Assert.Empty(endpoint.All);
    }

    [SkippableFact]
    public async Task A_message_to_nowhere_fails_the_send_and_the_next_send_works()
    {
        await using var endpoint = await Start("sender");
        await Assert.ThrowsAnyAsync<Exception>(() => endpoint.Send("nowhere-" + suffix, "lost?"));
        await endpoint.Send(endpoint.Address, "next");
        await Eventually.Holds(() => endpoint.All.Count == 1, "arrival");
    }

    [SkippableFact]
    public async Task An_exchange_that_somebody_deleted_is_declared_anew_by_the_next_publish()
    {
        await using var publisher = await Start("publisher", receive: false);
        await publisher.Publish(typeof(OrderPaid), "before");
        await using var connection = await Broker.Connect();
        await using var channel = await connection.CreateChannelAsync();
        await channel.ExchangeDeleteAsync("Bank.ServiceBus.Transport.Tests:OrderPaid");
        await publisher.Publish(typeof(OrderPaid), "at once");
        await channel.ExchangeDeclarePassiveAsync("Bank.ServiceBus.Transport.Tests:OrderPaid");
        await publisher.Publish(typeof(OrderPaid), "and later");
    }

    [SkippableFact]
    public async Task Types_and_their_parents_have_exchanges_that_others_may_bind_to()
    {
        await using var endpoint = await Start("publisher");
        await using var connection = await Broker.Connect();
        await using var channel = await connection.CreateChannelAsync();
        await endpoint.Publish(typeof(OrderPlaced), "first, to declare");
        var queue = (await channel.QueueDeclareAsync()).QueueName;
        foreach (var exchange in new[] { "Bank.ServiceBus.Transport.Tests:OrderPlaced", "Bank.ServiceBus.Transport.Tests:OrderEvent", "Bank.ServiceBus.Transport.Tests:ISomethingHappened", "System:Object" })
        {
            await channel.ExchangeDeclarePassiveAsync(exchange);
            await channel.QueueBindAsync(queue, exchange, "");
            await endpoint.Publish(typeof(OrderPlaced), exchange);
            var got = await channel.BasicGetAsync(queue, autoAck: true);
            Assert.Equal(exchange, Encoding.UTF8.GetString(got!.Body.Span));
            await channel.QueueUnbindAsync(queue, exchange, "");
        }
    }

    [SkippableFact]
    public async Task A_queue_has_no_arguments_but_its_type()
    {
        await using var endpoint = await Start("declared", receive: false);
        await using var connection = await Broker.Connect();
        await using (var channel = await connection.CreateChannelAsync())
            await channel.QueueDeclareAsync(endpoint.Address, true, false, false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        await using var other = await connection.CreateChannelAsync();
        await Assert.ThrowsAsync<OperationInterruptedException>(() => other.QueueDeclareAsync(endpoint.Address, true, false, false));
    }

    private static async Task Publish(string exchange, BasicProperties properties, string body)
    {
        await using var connection = await Broker.Connect();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        await channel.BasicPublishAsync(exchange, "", mandatory: true, properties, Encoding.UTF8.GetBytes(body));
    }

    private Task<TestTransport> Start(string name, bool receive = true) =>
        TestTransport.Start(Broker.Transport(QueueType.Quorum), $"{name}-{suffix}", receive: receive);
}
