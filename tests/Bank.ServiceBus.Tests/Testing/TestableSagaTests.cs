using Bank.ServiceBus.Testing;
using Bank.ServiceBus.Tests.Sagas;

namespace Bank.ServiceBus.Tests.Testing;

public sealed class TestableSagaTests
{
    private static readonly Guid Order = Guid.NewGuid();
    private static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    private readonly TestableSaga<OrderSaga, OrderData> saga = new(initialCurrentTime: Noon);

    [Fact]
    public async Task A_message_starts_an_instance_and_the_next_one_finds_it()
    {
        var placed = await saga.Handle(new PlaceOrder(Order, "pen"), new TestableMessageHandlerContext { ReplyToAddress = "Shop", MessageId = "m1" });
        var paid = await saga.Handle(new PayOrder(Order));
        Assert.NotEqual(Guid.Empty, placed.SagaId);
        Assert.Equal(placed.SagaId, paid.SagaId);
        Assert.Equal(["placed"], placed.SagaDataSnapshot.History);
        Assert.Equal(["placed", "paid"], paid.SagaDataSnapshot.History);
        Assert.Equal((Order, "Shop", "m1"), (paid.SagaDataSnapshot.OrderId, paid.SagaDataSnapshot.Originator, paid.SagaDataSnapshot.OriginalMessageId));
        Assert.Equal(Order, paid.FindSentMessage<ShipOrder>().OrderId);
        Assert.Null(paid.FindSentMessage<PlaceOrder>());
        Assert.Equal(typeof(PayOrder), paid.HandledMessage.Type);
        Assert.False(paid.Completed);
    }

    [Fact]
    public async Task Instances_do_not_see_each_other()
    {
        var first = await saga.Handle(new PlaceOrder(Order, "pen"));
        var second = await saga.Handle(new PlaceOrder(Guid.NewGuid(), "ink"));
        await saga.Handle(new PayOrder(second.SagaDataSnapshot.OrderId));
        var again = await saga.Handle(new PayOrder(Order));
        Assert.NotEqual(first.SagaId, second.SagaId);
        Assert.Equal("pen", again.SagaDataSnapshot.Item);
        Assert.Equal(["placed", "paid"], again.SagaDataSnapshot.History);
    }

    [Fact]
    public async Task A_header_can_find_the_instance()
    {
        await saga.Handle(new PlaceOrder(Order, "pen"));
        var tracked = await saga.Handle(new TrackOrder(""), messageHeaders: new Dictionary<string, string> { ["Order"] = Order.ToString() });
        Assert.Equal("pen", tracked.FindReplyMessage<ParcelPacked>().Parcel);
    }

    [Fact]
    public async Task A_timeout_comes_when_virtual_time_reaches_it()
    {
        var placed = await saga.Handle(new PlaceOrder(Order, "pen"));
        Assert.Equal(TimeSpan.FromDays(1), placed.Context.TimeoutMessages.Single().Within);
        Assert.NotNull(placed.FindTimeoutMessage<OrderExpired>());
        Assert.Empty(await saga.AdvanceTime(TimeSpan.FromHours(23)));
        Assert.Equal(Noon.AddHours(23), saga.CurrentTime);
        var expired = Assert.Single(await saga.AdvanceTime(TimeSpan.FromHours(2)));
        Assert.Equal(placed.SagaId, expired.SagaId);
        Assert.Equal(["placed", "expired"], expired.SagaDataSnapshot.History);
        Assert.Equal(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), expired.Context.TimeoutMessages.Single().At);
        Assert.Equal(Noon.AddHours(25), saga.CurrentTime);
    }

    [Fact]
    public async Task Timeouts_that_fall_due_together_come_in_the_order_of_their_times_with_the_contexts_provided()
    {
        var early = await saga.Handle(new PlaceOrder(Order, "pen"));
        await saga.AdvanceTime(TimeSpan.FromHours(1));
        var late = await saga.Handle(new PlaceOrder(Guid.NewGuid(), "ink"));
        var contexts = new List<TestableMessageHandlerContext>();
        var expired = await saga.AdvanceTime(TimeSpan.FromDays(3), timeout =>
        {
            Assert.IsType<OrderExpired>(timeout.Message);
            contexts.Add(new TestableMessageHandlerContext());
            return contexts[^1];
        });
        Assert.Equal([early.SagaId, late.SagaId], expired.Select(result => result.SagaId));
        Assert.Equal(contexts, expired.Select(result => result.Context));
    }

    [Fact]
    public async Task Timeouts_of_an_ended_instance_are_left_out()
    {
        await saga.Handle(new PlaceOrder(Order, "pen"));
        var cancelled = await saga.Handle(new CancelOrder(Order));
        Assert.True(cancelled.Completed);
        Assert.Equal(Order, cancelled.FindReplyMessage<OrderDone>().OrderId);
        Assert.Empty(await saga.AdvanceTime(TimeSpan.FromDays(2)));
    }

    [Fact]
    public async Task A_simulated_reply_waits_in_the_queue_and_finds_the_instance_that_asked()
    {
        saga.SimulateReply<ShipOrder, ParcelPacked>(request => new ParcelPacked("for " + request.OrderId));
        await saga.Handle(new PlaceOrder(Guid.NewGuid(), "ink"));
        var placed = await saga.Handle(new PlaceOrder(Order, "pen"));
        Assert.False(saga.HasQueuedMessages);
        await saga.Handle(new PayOrder(Order));
        Assert.Equal(1, saga.QueueLength);
        Assert.Equal(new ParcelPacked("for " + Order), saga.QueuePeek().Message);

        var packed = await saga.HandleQueuedMessage();
        Assert.Equal(placed.SagaId, packed.SagaId);
        Assert.Equal(Order, packed.FindPublishedMessage<OrderShipped>().OrderId);

        var shipped = await saga.HandleQueuedMessage();
        Assert.Equal(["placed", "paid", "packed for " + Order, "shipped"], shipped.SagaDataSnapshot.History);
        Assert.False(saga.HasQueuedMessages);
        await Assert.ThrowsAsync<InvalidOperationException>(() => saga.HandleQueuedMessage());
    }

    [Fact]
    public async Task A_reply_finds_its_instance_by_the_saga_id()
    {
        var placed = await saga.Handle(new PlaceOrder(Order, "pen"));
        var packed = await saga.HandleReply(placed.SagaId, new ParcelPacked("P1"));
        Assert.Equal(["placed", "packed P1"], packed.SagaDataSnapshot.History);
    }

    [Fact]
    public async Task A_reused_context_leads_no_message_to_the_instance_of_the_one_before()
    {
        var context = new TestableMessageHandlerContext { MessageHeaders = { ["mine"] = "stays" } };
        var first = await saga.Handle(new PlaceOrder(Order, "pen"), context);
        await saga.HandleReply(first.SagaId, new ParcelPacked("P1"), context);
        var second = await saga.Handle(new PlaceOrder(Guid.NewGuid(), "ink"), context);
        Assert.NotEqual(first.SagaId, second.SagaId);
        Assert.Equal("stays", context.Headers["mine"]);
    }

    [Fact]
    public async Task A_reused_context_delivers_what_it_remembers_only_once()
    {
        var context = new TestableMessageHandlerContext();
        var placed = await saga.Handle(new PlaceOrder(Order, "pen"), context);
        await saga.HandleReply(placed.SagaId, new ParcelPacked("P1"), context);
        await saga.HandleQueuedMessage();
        Assert.False(saga.HasQueuedMessages);
        Assert.Single(await saga.AdvanceTime(TimeSpan.FromDays(1)));
    }

    [Fact]
    public async Task The_not_found_handler_of_the_saga_runs_when_there_is_no_instance()
    {
        var lost = await saga.Handle(new PayOrder(Order));
        Assert.Equal(Guid.Empty, lost.SagaId);
        Assert.NotNull(lost.FindSentMessage<ShipOrder>());
    }

    [Fact]
    public async Task Without_a_not_found_handler_a_message_without_an_instance_fails_the_test()
    {
        var strict = new TestableSaga<StrictSaga, StrictData>(() => new StrictSaga(TimeProvider.System));
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => strict.Handle(new PayOrder(Order)));
        Assert.Equal($"{typeof(StrictSaga).FullName}: {typeof(PayOrder).FullName} found no instance, and may not start one.", failure.Message);
    }

    [Fact]
    public async Task State_that_cannot_be_stored_is_lost_as_it_would_be_in_a_database()
    {
        var strict = new TestableSaga<StrictSaga, StrictData>(() => new StrictSaga(TimeProvider.System));
        await strict.Handle(new PlaceOrder(Order, "pen"));
        var paid = await strict.Handle(new PayOrder(Order));
        Assert.Equal((Order, null), (paid.SagaDataSnapshot.OrderId, paid.SagaDataSnapshot.OnlyInMemory));
    }

    [Fact]
    public async Task A_failing_handler_fails_the_test_and_changes_nothing()
    {
        await saga.Handle(new PlaceOrder(Order, "pen"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => saga.Handle(new SpoilOrder(Order, "throw")));
        Assert.Equal("pen", (await saga.Handle(new PayOrder(Order))).SagaDataSnapshot.Item);
    }

    [Fact]
    public async Task A_message_that_the_saga_does_not_handle_is_refused_and_a_timeout_is_told_apart()
    {
        var unknown = await Assert.ThrowsAsync<InvalidOperationException>(() => saga.Handle(new ShipOrder(Order)));
        Assert.EndsWith("ShipOrder is not handled.", unknown.Message, StringComparison.Ordinal);
        var timeout = await Assert.ThrowsAsync<InvalidOperationException>(() => saga.Handle(new OrderExpired()));
        Assert.Contains("AdvanceTime delivers it", timeout.Message, StringComparison.Ordinal);
    }

    public sealed class StrictData : ContainSagaData
    {
        public string? OnlyInMemory;

        public Guid OrderId { get; set; }
    }

    public sealed class StrictSaga(TimeProvider clock) : Saga<StrictData>, IAmStartedByMessages<PlaceOrder>, IHandleMessages<PayOrder>
    {
        protected override void ConfigureHowToFindSaga(SagaPropertyMapper<StrictData> mapper) =>
            mapper.MapSaga(saga => saga.OrderId)
                .ToMessage<PlaceOrder>(message => message.OrderId)
                .ToMessage<PayOrder>(message => message.OrderId);

        public Task Handle(PlaceOrder message, IMessageHandlerContext context)
        {
            Data.OnlyInMemory = message.Item + clock.GetUtcNow();
            return Task.CompletedTask;
        }

        public Task Handle(PayOrder message, IMessageHandlerContext context) => Task.CompletedTask;
    }
}
