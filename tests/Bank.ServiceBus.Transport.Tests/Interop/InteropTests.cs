using System.Collections.Concurrent;
using Bank.ServiceBus.Transport.Tests.RabbitMq;
using Interop.Messages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace Bank.ServiceBus.Transport.Tests.Interop;

/// <summary>An endpoint and a program that knows the wire format alone understand each other, byte for byte.</summary>
[Collection(Broker.EventTypes)]
public sealed class InteropTests : IAsyncLifetime
{
    private const string Id = "~[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    private const string Instant = @"~\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}:\d{6} Z";
    private const string HostId = "~[0-9a-f]{32}";

    private readonly string suffix = Guid.NewGuid().ToString("N")[..8];
    private readonly Script script = new();
    private readonly LogLines log = new();
    private IHost? host;
    private RawClient? raw;

    private string Endpoint => "Interop." + suffix;

    private string Error => "error-" + suffix;

    private RawClient Raw => raw!;

    [SkippableFact]
    public async Task A_plain_command_is_handled_and_its_reply_is_to_the_letter()
    {
        await Start();
        await Raw.DeclareAddress("asker-" + suffix);
        await Raw.Publish(
            Endpoint,
            new BasicProperties { MessageId = "order-1", Type = "Interop.Messages.PlaceOrder", ContentType = "application/json", ReplyTo = "asker-" + suffix, CorrelationId = "c-1", DeliveryMode = DeliveryModes.Persistent },
            """{"OrderId":"ä1","Quantity":3,"Unknown":true}""");
        var reply = await Raw.Take("asker-" + suffix);

        Assert.Equal(new PlaceOrder("ä1", 3), Assert.Single(script.Handled));
        Assert.Equal("""{"OrderId":"\u00E41"}""", reply.Body);
        reply.HasExactly(Outgoing("Reply", typeof(OrderConfirmed), new() { ["NServiceBus.CorrelationId"] = "c-1", ["NServiceBus.RelatedTo"] = "order-1" }));
        HasProperties(reply, typeof(OrderConfirmed), "c-1");
    }

    [SkippableFact]
    public async Task A_command_that_is_sent_is_to_the_letter_with_and_without_a_time_to_be_received()
    {
        await Start();
        var address = "supplier-" + suffix;
        await Raw.DeclareAddress(address);
        var session = host!.Services.GetRequiredService<IMessageSession>();
        await session.Send(address, new PlaceOrder("o9", 2));
        var plain = await Raw.Take(address);
        var id = plain.Properties.MessageId!;
        Assert.Equal("""{"OrderId":"o9","Quantity":2}""", plain.Body);
        plain.HasExactly(Outgoing("Send", typeof(PlaceOrder), new() { ["NServiceBus.CorrelationId"] = id, ["NServiceBus.OpenTelemetry.StartNewTrace"] = "False" }));
        HasProperties(plain, typeof(PlaceOrder), id);

        await session.Send(address, new AskForQuote("o9"));
        var hurried = await Raw.Take(address);
        hurried.HasExactly(Outgoing("Send", typeof(AskForQuote), new()
        {
            ["NServiceBus.CorrelationId"] = hurried.Properties.MessageId!,
            ["NServiceBus.OpenTelemetry.StartNewTrace"] = "False",
            ["NServiceBus.TimeToBeReceived"] = "00:10:00",
        }));
        Assert.Equal("600000", hurried.Properties.Expiration);
    }

    [SkippableFact]
    public async Task A_message_that_need_not_last_says_so_in_its_delivery_mode_alone()
    {
        await Start();
        var address = "fleeting-" + suffix;
        await Raw.DeclareAddress(address);
        var options = new SendOptions();
        options.SetDestination(address);
        options.UseNonPersistentDeliveryMode();
        await host!.Services.GetRequiredService<IMessageSession>().Send(new PlaceOrder("o8", 1), options);
        var sent = await Raw.Take(address);
        Assert.Equal(DeliveryModes.Transient, sent.Properties.DeliveryMode);
        sent.HasExactly(Outgoing("Send", typeof(PlaceOrder), new() { ["NServiceBus.CorrelationId"] = sent.Properties.MessageId!, ["NServiceBus.OpenTelemetry.StartNewTrace"] = "False" }));
    }

    [SkippableFact]
    public async Task An_event_that_is_published_reaches_a_binding_to_the_exchange_of_its_type_to_the_letter()
    {
        await Start();
        await Raw.DeclareAddress("listener-" + suffix);
        await Raw.DeclareType("Interop.Messages:StockReserved");
        await Raw.Bind("listener-" + suffix, "Interop.Messages:StockReserved");
        await host!.Services.GetRequiredService<IMessageSession>().Publish(new StockReserved("o2", 4));
        var published = await Raw.Take("listener-" + suffix);

        Assert.Equal("""{"OrderId":"o2","Left":4}""", published.Body);
        published.HasExactly(Outgoing("Publish", typeof(StockReserved), new() { ["NServiceBus.CorrelationId"] = published.Properties.MessageId!, ["NServiceBus.OpenTelemetry.StartNewTrace"] = "True" }));
        HasProperties(published, typeof(StockReserved), published.Properties.MessageId!);
    }

    [SkippableFact]
    public async Task An_event_of_a_foreign_publisher_is_handled()
    {
        await Start();
        await Raw.Publish(
            "Interop.Messages:ShipmentLeft",
            new BasicProperties
            {
                MessageId = "e-1",
                ContentType = "application/json",
                Headers = new Dictionary<string, object?>
                {
                    ["NServiceBus.MessageId"] = "e-1",
                    ["NServiceBus.MessageIntent"] = "Publish",
                    ["NServiceBus.EnclosedMessageTypes"] = "Interop.Messages.ShipmentLeftV2, Elsewhere, Version=7.0.0.0;Interop.Messages.ShipmentLeft, Elsewhere, Version=7.0.0.0",
                    ["NServiceBus.TimeSent"] = "2026-08-05 13:14:43:123456 Z",
                },
            },
            """{"OrderId":"o3"}""");
        await Eventually.Holds(() => script.Handled.Contains(new ShipmentLeft("o3")), "the handling");
    }

    [SkippableFact]
    public async Task A_failed_message_is_to_the_letter_and_its_retry_is_acknowledged_as_ServiceControl_expects()
    {
        await Start();
        script.Fail = new InvalidOperationException("no stock", new ArgumentException("inner"));
        var sent = new Dictionary<string, object?> { ["NServiceBus.MessageId"] = "order-4", ["NServiceBus.EnclosedMessageTypes"] = "Interop.Messages.PlaceOrder", ["mine"] = "kept" };
        const string body = """{"OrderId":"o4","Quantity":1}""";
        await Raw.Publish(Endpoint, new BasicProperties { MessageId = "order-4", ContentType = "application/json", Headers = sent }, body);
        var failed = await Raw.Take(Error);

        Assert.Equal((body, "order-4"), (failed.Body, failed.Properties.MessageId));
        failed.HasExactly(new()
        {
            ["NServiceBus.MessageId"] = "order-4",
            ["NServiceBus.EnclosedMessageTypes"] = "Interop.Messages.PlaceOrder",
            ["NServiceBus.ContentType"] = "application/json",
            ["mine"] = "kept",
            ["NServiceBus.FailedQ"] = Endpoint,
            ["NServiceBus.TimeOfFailure"] = Instant,
            ["NServiceBus.ExceptionInfo.ExceptionType"] = "System.InvalidOperationException",
            ["NServiceBus.ExceptionInfo.InnerExceptionType"] = "System.ArgumentException",
            ["NServiceBus.ExceptionInfo.Message"] = "no stock",
            ["NServiceBus.ExceptionInfo.StackTrace"] = "~(?s)System.InvalidOperationException: no stock.*",
            ["NServiceBus.ExceptionInfo.Source"] = "Bank.ServiceBus.Transport.Tests",
            ["NServiceBus.ExceptionInfo.Data.Message type"] = "Interop.Messages.PlaceOrder",
            ["NServiceBus.ExceptionInfo.Data.Handler type"] = typeof(Handlers).FullName!,
            ["NServiceBus.ExceptionInfo.Data.Handler start time"] = Instant,
            ["NServiceBus.ExceptionInfo.Data.Handler failure time"] = Instant,
            ["NServiceBus.ExceptionInfo.Data.Handler canceled"] = "False",
            ["NServiceBus.ExceptionInfo.Data.Message ID"] = "order-4",
            ["NServiceBus.ExceptionInfo.Data.Transport message ID"] = "order-4",
            ["NServiceBus.ExceptionInfo.Data.Pipeline canceled"] = "False",
            ["NServiceBus.ProcessingMachine"] = Environment.MachineName,
            ["NServiceBus.ProcessingEndpoint"] = Endpoint,
            ["$.diagnostics.hostid"] = HostId,
            ["$.diagnostics.hostdisplayname"] = Environment.MachineName,
        });

        // As ServiceControl sends it again: what describes the failure dropped, the two headers of the retry added, the id kept.
        script.Fail = null;
        await Raw.DeclareAddress("acknowledged-" + suffix);
        var retried = failed.Headers
            .Where(header => !new[] { "NServiceBus.Retries", "NServiceBus.FailedQ", "NServiceBus.TimeOfFailure", "NServiceBus.ExceptionInfo." }.Any(prefix => header.Key.StartsWith(prefix, StringComparison.Ordinal)))
            .ToDictionary(header => header.Key, header => (object?)header.Value);
        retried["ServiceControl.Retry.UniqueMessageId"] = "unique-4";
        retried["ServiceControl.Retry.AcknowledgementQueue"] = "acknowledged-" + suffix;
        await Raw.Publish(Endpoint, new BasicProperties { MessageId = "order-4", ContentType = "application/json", Headers = retried }, failed.Body);
        var acknowledged = await Raw.Take("acknowledged-" + suffix);

        Assert.Equal(new PlaceOrder("o4", 1), Assert.Single(script.Handled));
        Assert.Equal("", acknowledged.Body);
        Assert.Matches(Id[1..], acknowledged.Properties.MessageId!);
        acknowledged.HasExactly(new()
        {
            ["ServiceControl.Retry.Successful"] = Instant,
            ["ServiceControl.Retry.UniqueMessageId"] = "unique-4",
            ["NServiceBus.ControlMessage"] = "True",
            ["NServiceBus.Version"] = "10.2.8",
            ["NServiceBus.TimeSent"] = Instant,
        });
    }

    [SkippableFact]
    public async Task The_copy_of_a_handled_message_is_to_the_letter()
    {
        var address = "copies-" + suffix;
        await Start(configuration => configuration.AuditProcessedMessagesTo(address, TimeSpan.FromDays(1)));
        await Raw.Publish(
            Endpoint,
            new BasicProperties { MessageId = "order-6", Type = "Interop.Messages.PlaceOrder", ContentType = "application/json", CorrelationId = "c-6", Headers = new Dictionary<string, object?> { ["mine"] = "kept" } },
            """{"Quantity":1,  "OrderId":"o6"}""");
        var copy = await Raw.Take(address);
        Assert.Equal("""{"Quantity":1,  "OrderId":"o6"}""", copy.Body);
        copy.HasExactly(new()
        {
            ["NServiceBus.MessageId"] = "order-6",
            ["NServiceBus.CorrelationId"] = "c-6",
            ["NServiceBus.EnclosedMessageTypes"] = "Interop.Messages.PlaceOrder",
            ["NServiceBus.ContentType"] = "application/json",
            ["mine"] = "kept",
            ["NServiceBus.ProcessingStarted"] = Instant,
            ["NServiceBus.ProcessingEnded"] = Instant,
            ["NServiceBus.ProcessingEndpoint"] = Endpoint,
            ["NServiceBus.ProcessingMachine"] = Environment.MachineName,
            ["$.diagnostics.hostid"] = HostId,
            ["$.diagnostics.hostdisplayname"] = Environment.MachineName,
        });
        Assert.Equal(
            ("order-6", "c-6", "Interop.Messages.PlaceOrder", "application/json", "86400000", DeliveryModes.Persistent),
            (copy.Properties.MessageId, copy.Properties.CorrelationId, copy.Properties.Type, copy.Properties.ContentType, copy.Properties.Expiration, copy.Properties.DeliveryMode));
    }

    [SkippableFact]
    public async Task A_delayed_retry_is_to_the_letter_while_it_waits()
    {
        await Start(configuration => configuration.Recoverability().Delayed(retries => retries.NumberOfRetries(1).TimeIncrease(TimeSpan.FromSeconds(4096))));
        script.Fail = new InvalidOperationException("not now");
        const string body = """{"OrderId":"o7","Quantity":1}""";
        await Raw.Publish(Endpoint, new BasicProperties { MessageId = "order-7", Type = "Interop.Messages.PlaceOrder", ContentType = "application/json" }, body);
        // Other runs on the same broker may have left theirs: only our own counts.
        var waiting = await Raw.TakeFirst("nsb.v2.delay-level-12", message => message.RoutingKey == string.Concat(Convert.ToString(4096, 2).PadLeft(28, '0').Select(bit => bit + ".")) + Endpoint);
        Assert.Equal((body, "order-7"), (waiting.Body, waiting.Properties.MessageId));
        waiting.HasExactly(new()
        {
            ["NServiceBus.MessageId"] = "order-7",
            ["NServiceBus.EnclosedMessageTypes"] = "Interop.Messages.PlaceOrder",
            ["NServiceBus.ContentType"] = "application/json",
            ["NServiceBus.Retries"] = "1",
            ["NServiceBus.Retries.Timestamp"] = Instant,
            ["NServiceBus.DeliverAt"] = Instant,
            ["NServiceBus.Transport.RabbitMQ.DelayInSeconds"] = "4096",
        });
    }

    [SkippableTheory]
    [InlineData(64, "06")]
    [InlineData(30 * 24 * 3600, "21")]
    public async Task A_delayed_message_waits_at_the_level_of_the_highest_bit_of_its_delay(int seconds, string level)
    {
        await Start();
        var options = new SendOptions();
        options.DelayDeliveryWith(TimeSpan.FromSeconds(seconds));
        options.RouteToThisEndpoint();
        await host!.Services.GetRequiredService<IMessageSession>().Send(new PlaceOrder("late", seconds), options);
        // Other runs on the same broker may have left theirs: only our own counts.
        await using var connection = await Broker.Connect();
        await using var channel = await connection.CreateChannelAsync();
        var routingKeys = new List<string>();
        while (await channel.BasicGetAsync("nsb.v2.delay-level-" + level, autoAck: false) is { } waiting) routingKeys.Add(waiting.RoutingKey);
        var bits = string.Concat(Convert.ToString(seconds, 2).PadLeft(28, '0').Select(bit => bit + "."));
        Assert.Contains(bits + Endpoint, routingKeys);
    }

    [SkippableFact]
    public async Task A_queue_deleted_under_the_endpoint_is_received_from_again_when_it_is_back()
    {
        await Start();
        await Raw.Delete(Endpoint);
        // RabbitMQ 3.10 leaves a consumer in limbo when the queue is made again in the same millisecond; nobody does that.
        await Eventually.Holds(() => log.Lines.Any(line => line.Contains("no longer received from", StringComparison.Ordinal)), "the endpoint's notice");
        await Raw.DeclareAddress(Endpoint);
        await Raw.Publish(Endpoint, new BasicProperties { MessageId = "after", Type = "Interop.Messages.PlaceOrder" }, """{"OrderId":"o5","Quantity":1}""");
        await Eventually.Holds(() => script.Handled.Contains(new PlaceOrder("o5", 1)), "the handling");
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (raw is not null) await raw.DisposeAsync();
        if (host is null) return;
        await host.StopAsync();
        host.Dispose();
    }

    private async Task Start(Action<EndpointConfiguration>? configure = null)
    {
        var configuration = new EndpointConfiguration(Endpoint);
        configuration.UseTransport(Broker.Transport(QueueType.Quorum));
        configuration.UseSerialization<SystemJsonSerializer>();
        configuration.AssemblyScanner().Disable = true;
        configuration.AddHandler<Handlers>();
        configuration.EnableInstallers();
        configuration.SendFailedMessagesTo(Error);
        configuration.CustomDiagnosticsWriter((_, _) => Task.CompletedTask);
        configuration.Recoverability().Immediate(retries => retries.NumberOfRetries(0)).Delayed(retries => retries.NumberOfRetries(0));
        configure?.Invoke(configuration);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(script);
        builder.Services.AddSingleton<ILoggerProvider>(log);
        builder.Services.AddNServiceBusEndpoint(configuration);
        host = builder.Build();
        await host.StartAsync();
        raw = await RawClient.Connect();
    }

    private Dictionary<string, string> Outgoing(string intent, Type type, Dictionary<string, string> more) => new(more)
    {
        ["NServiceBus.MessageId"] = Id,
        ["NServiceBus.MessageIntent"] = intent,
        ["NServiceBus.ConversationId"] = Id,
        ["NServiceBus.ReplyToAddress"] = Endpoint,
        ["NServiceBus.OriginatingEndpoint"] = Endpoint,
        ["NServiceBus.OriginatingMachine"] = Environment.MachineName,
        ["$.diagnostics.originating.hostid"] = HostId,
        ["NServiceBus.ContentType"] = "application/json",
        ["NServiceBus.EnclosedMessageTypes"] = type.AssemblyQualifiedName!,
        ["NServiceBus.Version"] = "10.2.8",
        ["NServiceBus.TimeSent"] = Instant,
    };

    private void HasProperties(RawMessage message, Type type, string correlation)
    {
        var properties = message.Properties;
        Assert.Equal(
            (message.Headers["NServiceBus.MessageId"], correlation, Endpoint, type.FullName, "application/json", DeliveryModes.Persistent),
            (properties.MessageId, properties.CorrelationId, properties.ReplyTo, properties.Type, properties.ContentType, properties.DeliveryMode));
        Assert.False(properties.IsExpirationPresent() || properties.IsTimestampPresent() || properties.IsAppIdPresent() || properties.IsUserIdPresent() || properties.IsPriorityPresent());
    }

    internal sealed class Script
    {
        public ConcurrentQueue<object> Handled { get; } = new();

        public Exception? Fail { get; set; }
    }

    internal sealed class Handlers(Script script) : IHandleMessages<PlaceOrder>, IHandleMessages<ShipmentLeft>
    {
        public Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            if (script.Fail is { } failure) throw failure;
            script.Handled.Enqueue(message);
            return string.IsNullOrEmpty(context.ReplyToAddress) ? Task.CompletedTask : context.Reply(new OrderConfirmed(message.OrderId));
        }

        public Task Handle(ShipmentLeft message, IMessageHandlerContext context)
        {
            script.Handled.Enqueue(message);
            return Task.CompletedTask;
        }
    }
}
