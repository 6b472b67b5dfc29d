using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Tests.Core;

public sealed class OutboxTests
{
    private static Task<TestEndpoint> Start() => TestEndpoint.Start(outbox: true);

    private static async Task WriteAndSend(IMessageHandlerContext context)
    {
        ((InMemoryStore.Session)context.SynchronizedStorageSession).Write("paid");
        await context.Send("Other", new Ping("next"));
        await context.Publish(new Pinged("done"));
    }

    [Fact]
    public async Task Sending_follows_the_commit_and_marking_follows_the_sending()
    {
        await using var endpoint = await Start();
        endpoint.Store.Steps.Clear();
        endpoint.Script.Do = async (_, context) =>
        {
            await WriteAndSend(context);
            endpoint.Store.Note("handled");
            Assert.Empty(endpoint.Dispatcher.Dispatched);
        };
        await endpoint.Deliver(new Ping("x"));

        Assert.Equal(["get", "begin", "handled", "complete", "store", "commit", "dispatched"], endpoint.Store.Steps);
        Assert.Equal(["paid"], endpoint.Store.Effects);
        Assert.Equal(2, endpoint.Dispatcher.Dispatched.Count);
        Assert.Equal(1, endpoint.Dispatcher.Calls);
        Assert.True(endpoint.Store.Records["message-1"] is { Dispatched: true, Operations.Count: 0 });
    }

    [Fact]
    public async Task A_message_that_sends_nothing_is_marked_as_dispatched_too_so_that_its_record_can_be_cleaned_up()
    {
        await using var endpoint = await Start();
        await endpoint.Deliver(new Ping("x"));

        Assert.True(endpoint.Store.Records["message-1"].Dispatched);
        Assert.Equal(0, endpoint.Dispatcher.Calls);
    }

    [Fact]
    public async Task A_duplicate_is_neither_handled_nor_answered_again()
    {
        await using var endpoint = await Start();
        endpoint.Script.Do = (_, context) => WriteAndSend(context);
        await endpoint.Deliver(new Ping("x"));
        endpoint.Dispatcher.Dispatched.Clear();

        await endpoint.Deliver(new Ping("x"));
        Assert.Single(endpoint.Script.Seen);
        Assert.Equal(["paid"], endpoint.Store.Effects);
        Assert.Empty(endpoint.Dispatcher.Dispatched);
    }

    [Theory]
    [InlineData("complete")]
    [InlineData("store")]
    [InlineData("commit")]
    public async Task A_crash_before_the_commit_leaves_nothing_behind_and_the_message_is_handled_again(string step)
    {
        await using var endpoint = await Start();
        endpoint.Script.Do = (_, context) => WriteAndSend(context);
        endpoint.Store.FailAt = (step, new IOException("database gone"));

        Assert.False(await endpoint.DeliverOnce(new Ping("x")));
        Assert.Empty(endpoint.Store.Effects);
        Assert.Empty(endpoint.Store.Records);
        Assert.Empty(endpoint.Dispatcher.Dispatched);

        Assert.True(await endpoint.DeliverOnce(new Ping("x"), attempt: 2));
        Assert.Equal(["paid"], endpoint.Store.Effects);
        Assert.Equal(2, endpoint.Dispatcher.Dispatched.Count);
    }

    [Fact]
    public async Task A_crash_between_commit_and_sending_is_made_good_without_the_handler()
    {
        await using var endpoint = await Start();
        endpoint.Script.Do = (_, context) => WriteAndSend(context);
        endpoint.Dispatcher.FailNext = new IOException("broker gone");
        Assert.False(await endpoint.DeliverOnce(new Ping("x")));
        var stored = endpoint.Store.Records["message-1"];
        Assert.False(stored.Dispatched);

        Assert.True(await endpoint.DeliverOnce(new Ping("x"), attempt: 2));
        Assert.Single(endpoint.Script.Seen);
        Assert.Equal(["paid"], endpoint.Store.Effects);
        Assert.Equal(stored.Operations.Select(operation => operation.MessageId), endpoint.Dispatcher.Dispatched.Select(operation => operation.Message.MessageId));
        Assert.Equal<OperationDestination>(
            [new UnicastDestination("Other"), new MulticastDestination(typeof(Pinged))], endpoint.Dispatcher.Dispatched.Select(operation => operation.Destination));
        Assert.True(endpoint.Store.Records["message-1"].Dispatched);
    }

    [Fact]
    public async Task A_crash_between_sending_and_marking_sends_again_under_the_same_ids()
    {
        await using var endpoint = await Start();
        endpoint.Script.Do = (_, context) => WriteAndSend(context);
        endpoint.Store.FailAt = ("dispatched", new IOException("database gone"));
        Assert.False(await endpoint.DeliverOnce(new Ping("x")));
        var first = endpoint.Dispatcher.Dispatched.Select(operation => operation.Message).ToArray();
        endpoint.Dispatcher.Dispatched.Clear();

        Assert.True(await endpoint.DeliverOnce(new Ping("x"), attempt: 2));
        var second = endpoint.Dispatcher.Dispatched.Select(operation => operation.Message).ToArray();
        Assert.Equal(first.Select(message => message.MessageId), second.Select(message => message.MessageId));
        Assert.Equal(first.Select(message => message.Headers), second.Select(message => message.Headers));
        Assert.Equal(first.Select(message => message.Body.ToArray()), second.Select(message => message.Body.ToArray()));
        Assert.Single(endpoint.Script.Seen);
    }

    [Fact]
    public async Task A_message_that_another_instance_handled_meanwhile_takes_no_effect_twice()
    {
        await using var endpoint = await Start();
        endpoint.Script.Do = (_, context) =>
        {
            endpoint.Store.Records["message-1"] = new InMemoryStore.Record([], Dispatched: true);
            return WriteAndSend(context);
        };

        Assert.Equal(2, await endpoint.Deliver(new Ping("x")));
        Assert.Empty(endpoint.Store.Effects);
        Assert.Empty(endpoint.Dispatcher.Dispatched);
    }

    [Fact]
    public async Task The_logical_id_identifies_a_message_not_the_native_one()
    {
        await using var endpoint = await Start();
        var headers = TestEndpoint.HeadersOf(new Ping("x"));
        await endpoint.Receiver.Deliver(headers, """{"Text":"x"}""", nativeId: "native-1");
        await endpoint.Receiver.Deliver(headers, """{"Text":"x"}""", nativeId: "native-2");

        Assert.Single(endpoint.Script.Seen);
    }

    [Fact]
    public async Task A_delay_survives_the_store()
    {
        await using var endpoint = await Start();
        endpoint.Script.Do = async (_, context) =>
        {
            var (delayed, dated) = (new SendOptions(), new SendOptions());
            delayed.SetDestination("Delayed");
            delayed.DelayDeliveryWith(TimeSpan.FromDays(1.5));
            dated.SetDestination("Dated");
            dated.DoNotDeliverBefore(new DateTimeOffset(2026, 12, 24, 18, 0, 0, TimeSpan.Zero));
            await context.Send(new Ping("y"), delayed);
            await context.Send(new Ping("z"), dated);
        };
        endpoint.Dispatcher.FailNext = new IOException("broker gone");
        await endpoint.DeliverOnce(new Ping("x"));

        Assert.Equal("1.12:00:00", endpoint.Store.Records["message-1"].Operations[0].Options["DelayDeliveryFor"]);
        Assert.Equal("2026-12-24 18:00:00:000000 Z", endpoint.Store.Records["message-1"].Operations[1].Options["DeliverAt"]);
        await endpoint.DeliverOnce(new Ping("x"), attempt: 2);
        Assert.Equal(TimeSpan.FromDays(1.5), endpoint.Dispatcher.To("Delayed").Properties.DelayDeliveryWith);
        Assert.Equal(new DateTimeOffset(2026, 12, 24, 18, 0, 0, TimeSpan.Zero), endpoint.Dispatcher.To("Dated").Properties.DoNotDeliverBefore);
    }

    [Fact]
    public async Task What_is_sent_immediately_does_not_wait_for_the_commit_and_is_not_stored()
    {
        await using var endpoint = await Start();
        endpoint.Script.Do = async (_, context) =>
        {
            var now = new SendOptions();
            now.SetDestination("Other");
            now.RequireImmediateDispatch();
            await context.Send(new Ping("y"), now);
            Assert.Single(endpoint.Dispatcher.Dispatched);
        };
        endpoint.Store.FailAt = ("dispatched", new IOException("database gone"));
        Assert.False(await endpoint.DeliverOnce(new Ping("x")));

        Assert.Empty(endpoint.Store.Records["message-1"].Operations);
    }

    [Fact]
    public async Task A_failed_handler_leaves_no_effect_with_or_without_outbox()
    {
        foreach (var outbox in new[] { true, false })
        {
            await using var endpoint = await TestEndpoint.Start(configuration => configuration.UsePersistence<FakePersistence>(), outbox: outbox);
            endpoint.Script.Do = async (_, context) =>
            {
                await WriteAndSend(context);
                throw new InvalidOperationException("after writing");
            };

            Assert.False(await endpoint.DeliverOnce(new Ping("x")));
            Assert.Empty(endpoint.Store.Effects);
            Assert.Empty(endpoint.Store.Records);
            Assert.Empty(endpoint.Dispatcher.Dispatched);
        }
    }

    [Fact]
    public async Task Without_outbox_the_session_has_a_transaction_of_its_own_committed_before_sending()
    {
        await using var endpoint = await TestEndpoint.Start(configuration => configuration.UsePersistence<FakePersistence>());
        endpoint.Store.Steps.Clear();
        endpoint.Script.Do = (_, context) => WriteAndSend(context);
        endpoint.Dispatcher.FailNext = new IOException("broker gone");
        Assert.False(await endpoint.DeliverOnce(new Ping("x")));

        Assert.Equal(["complete", "commit"], endpoint.Store.Steps);
        Assert.Equal(["paid"], endpoint.Store.Effects);
    }
}
