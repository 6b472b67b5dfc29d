using System.Text.Json;
using Bank.ServiceBus.Tests.Core;
using Bank.ServiceBus.Tests.Sagas;
using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.ServicePlatform.Tests;

public sealed class SagaAuditTests
{
    private const string Updated = "ServiceControl.EndpointPlugin.Messages.SagaState.SagaUpdatedMessage";
    private const string MinimumDate = "0001-01-01T00:00:00Z";

    private static readonly Guid Order = new("11111111-0000-4000-8000-000000000001");

    [Fact]
    public async Task The_queue_is_proved_to_be_there_before_the_endpoint_receives()
    {
        await using var endpoint = await Start();
        var message = endpoint.Dispatcher.Single();
        Assert.Equal("audit", message.Destination());
        Assert.Equal(0, message.Message.Body.Length);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["NServiceBus.ControlMessage"] = "True",
                ["NServiceBus.MessageIntent"] = "Send",
                ["NServiceBus.ReplyToAddress"] = TestEndpoint.Name,
            },
            message.Message.Headers);
    }

    [Fact]
    public async Task An_endpoint_whose_saga_audit_queue_is_missing_does_not_start()
    {
        await using var endpoint = Build();
        endpoint.Dispatcher.FailNext = new IOException("no exchange 'audit'");
        var error = await Assert.ThrowsAsync<InvalidOperationException>(endpoint.StartAsync);
        Assert.Equal("AuditSagaStateChanges: the queue 'audit' cannot be reached: no exchange 'audit'", error.Message);
        Assert.DoesNotContain("start", endpoint.Transport.Calls);
        Assert.Contains("shutdown", endpoint.Transport.Calls);
    }

    [Fact]
    public async Task What_a_message_did_to_a_saga_is_reported_to_the_letter()
    {
        await using var endpoint = await Start();
        await endpoint.Deliver(
            new PlaceOrder(Order, "tea"),
            ("NServiceBus.TimeSent", "2026-08-05 13:14:00:500000 Z"), ("NServiceBus.OriginatingMachine", "m1"), ("NServiceBus.OriginatingEndpoint", "Shop"),
            ("NServiceBus.MessageIntent", "Send"));

        var report = Assert.Single(endpoint.Dispatcher.OfType(Updated));
        Assert.Equal("audit", report.Destination());
        Assert.Equal(Reports.HeadersFor(Updated), report.Message.Headers);
        Assert.Null(report.Properties.DiscardIfNotReceivedBefore);
        Assert.Equal(DispatchConsistency.Isolated, report.RequiredDispatchConsistency);
        var timeout = endpoint.Dispatcher.To(TestEndpoint.Name);
        var saga = timeout.Message.Headers["NServiceBus.SagaId"];
        var data = $$"""{"OrderId":"{{Order}}","Item":"tea","History":["placed"],"Id":"{{saga}}","OriginalMessageId":"message-1","Originator":null}""";
        Assert.Equal(
            $$"""{"SagaState":{{JsonSerializer.Serialize(data)}},"SagaId":"{{saga}}","Initiator":{"InitiatingMessageId":"message-1","""
            + $$""" "MessageType":"Bank.ServiceBus.Tests.Sagas.PlaceOrder","IsSagaTimeoutMessage":false,"TimeSent":"2026-08-05T13:14:00.5Z","OriginatingMachine":"m1","OriginatingEndpoint":"Shop","Intent":"Send"},""".TrimStart()
            + $$""" "ResultingMessages":[{"MessageType":"Bank.ServiceBus.Tests.Sagas.OrderExpired","TimeSent":"2026-08-05T13:14:43.123456Z","DeliveryAt":null,"DeliveryDelay":"1.00:00:00","Destination":"Test.Endpoint","ResultingMessageId":"{{timeout.Message.MessageId}}","Intent":"Send"}],""".TrimStart()
            + """ "Endpoint":"Test.Endpoint","IsNew":true,"IsCompleted":false,"StartTime":"2026-08-05T13:14:43.123456Z","FinishTime":"2026-08-05T13:14:43.123456Z","SagaType":"Bank.ServiceBus.Tests.Sagas.OrderSaga"}""".TrimStart(),
            report.Text());
    }

    [Fact]
    public async Task Each_change_is_reported_as_new_updated_or_completed_and_noted_in_the_audit_copy()
    {
        await using var endpoint = await Start(configuration => configuration.AuditProcessedMessagesTo("copies"));
        var saga = await Change(new PlaceOrder(Order, "tea"), isNew: true, isCompleted: false, "New");
        Assert.Equal(saga, await Change(new PayOrder(Order), isNew: false, isCompleted: false, "Updated"));
        Assert.Equal(saga, await Change(new CancelOrder(Order), isNew: false, isCompleted: true, "Completed", (Headers.ReplyToAddress, "Shop")));

        async Task<string> Change(object message, bool isNew, bool isCompleted, string change, params (string, string)[] headers)
        {
            endpoint.Dispatcher.Dispatched.Clear();
            await endpoint.Deliver(message, [(Headers.ReplyToAddress, "Shop"), .. headers]);
            var report = JsonDocument.Parse(Assert.Single(endpoint.Dispatcher.OfType(Updated)).Text()).RootElement;
            Assert.Equal((isNew, isCompleted), (report.GetProperty("IsNew").GetBoolean(), report.GetProperty("IsCompleted").GetBoolean()));
            var id = report.GetProperty("SagaId").GetString()!;
            var copy = endpoint.Dispatcher.To("copies").Message.Headers;
            Assert.Equal($"Bank.ServiceBus.Tests.Sagas.OrderSaga:{id}", copy["NServiceBus.InvokedSagas"]);
            Assert.Equal($"{id}:{change}", copy["ServiceControl.SagaStateChange"]);
            return id;
        }
    }

    [Fact]
    public async Task What_a_saga_sends_publishes_and_replies_is_listed()
    {
        await using var endpoint = await Start();
        await endpoint.Deliver(new PlaceOrder(Order, "tea"), (Headers.ReplyToAddress, "Shop"));
        var saga = endpoint.Dispatcher.To(TestEndpoint.Name).Message.Headers["NServiceBus.SagaId"];

        Assert.Equal(("ShipOrder", "Shipping", "Send", null), await Result(new PayOrder(Order)));
        Assert.Equal(("OrderShipped", null, "Publish", null), await Result(new ParcelPacked("p"), ("NServiceBus.SagaId", saga), ("NServiceBus.SagaType", typeof(OrderSaga).AssemblyQualifiedName!)));
        Assert.Equal(("ParcelPacked", "Shop", "Reply", null), await Result(new TrackOrder("p"), ("Order", Order.ToString()), (Headers.ReplyToAddress, "Shop")));
        Assert.Equal(
            ("OrderExpired", TestEndpoint.Name, "Send", "2030-01-01T00:00:00Z"),
            await Result(new OrderExpired(), ("NServiceBus.SagaId", saga), ("NServiceBus.SagaType", typeof(OrderSaga).AssemblyQualifiedName!), ("NServiceBus.IsSagaTimeoutMessage", "True")));

        async Task<(string Type, string? Destination, string Intent, string? DeliveryAt)> Result(object message, params (string, string)[] headers)
        {
            endpoint.Dispatcher.Dispatched.Clear();
            await endpoint.Deliver(message, headers);
            var report = JsonDocument.Parse(Assert.Single(endpoint.Dispatcher.OfType(Updated)).Text()).RootElement;
            Assert.Equal(message is OrderExpired, report.GetProperty("Initiator").GetProperty("IsSagaTimeoutMessage").GetBoolean());
            Assert.Equal(MinimumDate, report.GetProperty("Initiator").GetProperty("TimeSent").GetString());
            var result = Assert.Single(report.GetProperty("ResultingMessages").EnumerateArray());
            return (result.GetProperty("MessageType").GetString()!.Split('.')[^1], result.GetProperty("Destination").GetString(),
                result.GetProperty("Intent").GetString()!, result.GetProperty("DeliveryAt").GetString());
        }
    }

    [Fact]
    public async Task A_handler_that_fails_reports_nothing_and_one_that_found_no_saga_neither()
    {
        await using var endpoint = await Start(configuration => configuration.Recoverability().AddUnrecoverableException<InvalidOperationException>());
        await endpoint.Deliver(new PlaceOrder(Order, "tea"));
        endpoint.Dispatcher.Dispatched.Clear();
        await endpoint.Deliver(new SpoilOrder(Order, "throw"));
        await endpoint.Deliver(new PayOrder(Guid.NewGuid()));
        Assert.Empty(endpoint.Dispatcher.OfType(Updated));
        Assert.DoesNotContain("NServiceBus.InvokedSagas", endpoint.Dispatcher.To("error").Message.Headers.Keys);
    }

    [Fact]
    public async Task A_report_that_cannot_be_sent_disturbs_nothing()
    {
        await using var endpoint = await Start();
        endpoint.Dispatcher.FailNext = new IOException("The queue is gone.");
        Assert.Equal(1, await endpoint.Deliver(new PlaceOrder(Order, "tea")));
        endpoint.Dispatcher.To(TestEndpoint.Name);
    }

    [Fact]
    public async Task What_is_shown_of_a_saga_can_be_chosen()
    {
        await using var endpoint = await Start(configuration => configuration.AuditSagaStateChanges("audit", data => new() { ["What"] = ((OrderData)data).Item }));
        await endpoint.Deliver(new PlaceOrder(Order, "tea"));
        var report = JsonDocument.Parse(Assert.Single(endpoint.Dispatcher.OfType(Updated)).Text()).RootElement;
        Assert.Equal("""{"What":"tea"}""", report.GetProperty("SagaState").GetString());
    }

    [Fact]
    public async Task Who_only_sends_has_no_sagas_to_audit()
    {
        await using var endpoint = TestEndpoint.Build(configuration =>
        {
            configuration.SendOnly();
            configuration.AuditSagaStateChanges("audit");
        });
        await endpoint.StartAsync();
        Assert.Empty(endpoint.Dispatcher.Dispatched);
    }

    private static async Task<TestEndpoint> Start(Action<EndpointConfiguration>? configure = null)
    {
        var endpoint = Build(configure);
        await endpoint.StartAsync();
        return endpoint;
    }

    private static TestEndpoint Build(Action<EndpointConfiguration>? configure = null) => TestEndpoint.Build(configuration =>
    {
        configuration.UsePersistence<SagaMemoryPersistence>();
        configuration.AddSaga<OrderSaga>();
        configuration.AuditSagaStateChanges("audit");
        configure?.Invoke(configuration);
    });
}
