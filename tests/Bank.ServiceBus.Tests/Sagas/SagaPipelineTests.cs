using Bank.ServiceBus.Tests.Core;
using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Tests.Sagas;

public sealed class SagaPipelineTests : IAsyncLifetime
{
    private static readonly Guid Order = new("11111111-1111-4111-8111-111111111111");
    private static readonly string SagaType = typeof(OrderSaga).AssemblyQualifiedName!;

    private TestEndpoint endpoint = null!;

    [Fact]
    public async Task A_timeout_is_a_delayed_message_to_the_own_queue_that_names_its_instance()
    {
        var timeout = await Place();
        var headers = timeout.Message.Headers;
        Assert.Equal(new UnicastDestination(TestEndpoint.Name), timeout.Destination);
        Assert.Equal(TimeSpan.FromDays(1), timeout.Properties.DelayDeliveryWith);
        Assert.Equal("True", headers[Headers.IsSagaTimeoutMessage]);
        Assert.Equal(SagaType, headers[Headers.SagaType]);
        Assert.Equal(SagaType, headers[Headers.OriginatingSagaType]);
        Assert.Equal(headers[Headers.OriginatingSagaId], headers[Headers.SagaId]);
        Assert.Equal("Send", headers[Headers.MessageIntent]);
    }

    [Fact]
    public async Task An_instance_has_an_id_of_the_time_when_it_started()
    {
        var id = Guid.Parse((await Place()).Message.Headers[Headers.SagaId]);
        Assert.Equal(CombGuid.New(endpoint.Clock).ToByteArray()[10..], id.ToByteArray()[10..]);
    }

    [Fact]
    public async Task A_timeout_runs_the_timeout_handler_of_its_instance()
    {
        var timeout = await Place();
        Clear();
        await Deliver(new OrderExpired(), timeout.Message.Headers);
        var next = endpoint.Dispatcher.Single();
        Assert.Equal(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), next.Properties.DoNotDeliverBefore);
        Assert.Equal(timeout.Message.Headers[Headers.SagaId], next.Message.Headers[Headers.SagaId]);
    }

    [Fact]
    public async Task A_timeout_of_an_instance_that_has_ended_is_ignored()
    {
        var timeout = await Place();
        await endpoint.Deliver(new CancelOrder(Order));
        Clear();
        Assert.Equal(1, await Deliver(new OrderExpired(), timeout.Message.Headers));
        Assert.Empty(endpoint.Dispatcher.Dispatched);
    }

    [Fact]
    public async Task What_an_instance_sends_names_it_as_the_origin()
    {
        var id = (await Place()).Message.Headers[Headers.SagaId];
        Clear();
        await endpoint.Deliver(new PayOrder(Order));
        var headers = endpoint.Dispatcher.To("Shipping").Message.Headers;
        Assert.Equal(id, headers[Headers.OriginatingSagaId]);
        Assert.Equal(SagaType, headers[Headers.OriginatingSagaType]);
        Assert.DoesNotContain(Headers.SagaId, headers.Keys);
    }

    [Fact]
    public async Task A_reply_finds_the_instance_that_asked_by_its_id()
    {
        var id = (await Place()).Message.Headers[Headers.SagaId];
        Clear();
        await endpoint.Deliver(new ParcelPacked("P1"), (Headers.SagaId, id), (Headers.SagaType, SagaType), (Headers.MessageIntent, "Reply"));
        Assert.Equal(id, endpoint.Dispatcher.Single().Message.Headers[Headers.OriginatingSagaId]);
    }

    [Fact]
    public async Task A_reply_leads_back_to_the_saga_that_asked()
    {
        await Place();
        Clear();
        await endpoint.Deliver(new TrackOrder("P1"), ("Order", Order.ToString()), (Headers.ReplyToAddress, "Asker"),
            (Headers.OriginatingSagaId, "asking-id"), (Headers.OriginatingSagaType, "Asking.Saga"));
        var headers = endpoint.Dispatcher.To("Asker").Message.Headers;
        Assert.Equal("asking-id", headers[Headers.SagaId]);
        Assert.Equal("Asking.Saga", headers[Headers.SagaType]);
    }

    [Fact]
    public async Task A_reply_to_the_originator_goes_to_who_started_the_saga_and_names_no_saga()
    {
        await Place();
        Clear();
        await endpoint.Deliver(new CancelOrder(Order), (Headers.ReplyToAddress, "Canceller"),
            (Headers.OriginatingSagaId, "other-id"), (Headers.OriginatingSagaType, "Other.Saga"));
        var headers = endpoint.Dispatcher.To("Shop").Message.Headers;
        Assert.Equal("message-1", headers[Headers.CorrelationId]);
        Assert.Equal("cancelled", headers["Why"]);
        Assert.DoesNotContain(Headers.SagaId, headers.Keys);
        Assert.DoesNotContain(Headers.SagaType, headers.Keys);
    }

    [Fact]
    public async Task The_saga_ids_of_a_published_event_are_those_of_its_publisher_and_mean_nothing_here()
    {
        await Place();
        Clear();
        var foreign = Guid.NewGuid().ToString();
        await endpoint.Deliver(new PayOrder(Order), (Headers.SagaId, foreign), (Headers.SagaType, SagaType), (Headers.MessageIntent, "Publish"));
        Assert.NotEqual(foreign, endpoint.Dispatcher.To("Shipping").Message.Headers[Headers.OriginatingSagaId]);
    }

    [Fact]
    public async Task A_message_for_an_instance_that_is_not_there_goes_to_the_not_found_handler()
    {
        await endpoint.Deliver(new PayOrder(Order));
        Assert.Equal(new UnicastDestination("Lost"), endpoint.Dispatcher.Single().Destination);
    }

    [Fact]
    public async Task A_reply_that_is_not_mapped_and_names_no_instance_goes_to_the_not_found_handler()
    {
        await Place();
        Clear();
        await endpoint.Deliver(new ParcelPacked("P1"));
        Assert.Equal(new UnicastDestination("Lost"), endpoint.Dispatcher.Single().Destination);
    }

    [Fact]
    public async Task A_message_for_an_ended_instance_of_this_saga_does_not_start_another()
    {
        await endpoint.Deliver(new PlaceOrder(Order, "pen"), (Headers.SagaId, Guid.NewGuid().ToString()), (Headers.SagaType, SagaType));
        Assert.Equal(new UnicastDestination("Lost"), endpoint.Dispatcher.Single().Destination);
    }

    [Fact]
    public async Task A_message_that_carries_the_id_of_a_foreign_saga_starts_an_instance_that_others_find()
    {
        await endpoint.Deliver(new PlaceOrder(Order, "pen"), (Headers.SagaId, Guid.NewGuid().ToString()), (Headers.SagaType, "Elsewhere.Saga, Elsewhere"));
        await endpoint.Deliver(new PayOrder(Order));
        Assert.Contains(endpoint.Dispatcher.Dispatched, sent => sent.Destination == new UnicastDestination("Shipping"));
    }

    [Theory]
    [InlineData("Id", "a handler changed Id")]
    [InlineData("OrderId", "a handler changed OrderId")]
    [InlineData("throw", "spoilt")]
    public async Task A_handler_that_fails_or_changes_what_identifies_its_instance_changes_nothing(string how, string reason)
    {
        await Place();
        await endpoint.Deliver(new SpoilOrder(Order, how));
        Assert.Contains(reason, endpoint.Dispatcher.To("error").Message.Headers["NServiceBus.ExceptionInfo.Message"], StringComparison.Ordinal);
        Clear();
        await endpoint.Deliver(new TrackOrder(""), ("Order", Order.ToString()), (Headers.ReplyToAddress, "Asker"));
        Assert.Contains("pen", System.Text.Encoding.UTF8.GetString(endpoint.Dispatcher.To("Asker").Message.Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_without_a_value_to_find_its_instance_by_fails_and_is_named()
    {
        await endpoint.Deliver(new PayOrder(null));
        var reason = endpoint.Dispatcher.To("error").Message.Headers["NServiceBus.ExceptionInfo.Message"];
        Assert.Equal($"{typeof(OrderSaga).FullName}: {typeof(PayOrder).FullName} holds no value to find its instance by.", reason);
    }

    [Theory]
    [InlineData(null, "Order: the message has no such header, which must tell the saga's OrderId.")]
    [InlineData("seven", "Order: 'seven' is no Guid, which the saga's OrderId is.")]
    public async Task A_header_that_should_find_the_instance_but_cannot_fails_and_is_named(string? header, string expected)
    {
        await Place();
        Clear();
        await endpoint.Deliver(new TrackOrder(""), header is null ? [] : [("Order", header)]);
        Assert.Equal(expected, endpoint.Dispatcher.To("error").Message.Headers["NServiceBus.ExceptionInfo.Message"]);
    }

    private async Task<TransportOperation> Place()
    {
        await endpoint.Deliver(new PlaceOrder(Order, "pen"), (Headers.ReplyToAddress, "Shop"));
        return endpoint.Dispatcher.Single();
    }

    private Task<int> Deliver(object message, Dictionary<string, string> headers) =>
        endpoint.Deliver(message, [.. headers.Where(header => header.Key != Headers.MessageId).Select(header => (header.Key, header.Value))]);

    private void Clear() => endpoint.Dispatcher.Dispatched.Clear();

    public async Task InitializeAsync() => endpoint = await TestEndpoint.Start(configuration =>
    {
        configuration.UsePersistence<SagaMemoryPersistence>();
        configuration.AddSaga<OrderSaga>();
        configuration.Recoverability().Immediate(retries => retries.NumberOfRetries(0)).Delayed(retries => retries.NumberOfRetries(0));
    });

    public async Task DisposeAsync() => await endpoint.DisposeAsync();
}
