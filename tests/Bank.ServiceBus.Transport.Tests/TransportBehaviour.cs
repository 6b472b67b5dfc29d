using System.Collections.Concurrent;
using Bank.ServiceBus.Transport;
using Microsoft.Extensions.Logging;

namespace Bank.ServiceBus.Transport.Tests;

/// <summary>What every transport promises to the bus above it.</summary>
public abstract class TransportBehaviour
{
    private readonly string suffix = Guid.NewGuid().ToString("N")[..8];

    [SkippableFact]
    public async Task A_message_arrives_with_its_headers_and_body_unchanged()
    {
        await using var receiver = await Start("receiver");
        var headers = new Dictionary<string, string> { ["plain"] = "value", ["Ünicode"] = "wörld\n2", ["empty"] = "", [Headers.ContentType] = "application/json" };
        await receiver.Send(receiver.Address, "{\"text\":\"Ä\"}", headers: headers, id: "id-1");
        await Eventually.Holds(() => receiver.All.Count == 1, "arrival");
        var message = receiver.All.Single();
        Assert.Equal(("id-1", "{\"text\":\"Ä\"}"), (message.Id, message.Body));
        Assert.All(headers, header => Assert.Equal(header.Value, message.Headers[header.Key]));
    }

    [SkippableFact]
    public async Task An_event_reaches_who_subscribed_to_it_to_its_base_or_to_its_interface_once_each()
    {
        await using var concrete = await Start("concrete", subscribe: [typeof(OrderPlaced)]);
        await using var parent = await Start("parent", subscribe: [typeof(OrderEvent)]);
        await using var contract = await Start("contract", subscribe: [typeof(ISomethingHappened), typeof(OrderPlaced)]);
        await using var other = await Start("other", subscribe: [typeof(OrderPaid)]);
        await concrete.Publish(typeof(OrderPlaced), "placed");
        await concrete.Publish(typeof(OrderPaid), "paid");
        await Eventually.Holds(() => other.All.Count == 1 && parent.All.Count == 2 && contract.All.Count >= 2 && concrete.All.Count == 1, "arrival");
        // A marker behind the events: when it has come, nothing of them is still on its way.
        foreach (var one in new[] { concrete, parent, contract, other }) await one.Send(one.Address, "marker");
        await Eventually.Holds(() => new[] { concrete, parent, contract, other }.All(one => one.All.Any(message => message.Body == "marker")), "the marker");
        Assert.Equal(1, concrete.All.Count(message => message.Body == "placed"));
        Assert.Equal(["paid", "placed"], parent.All.Select(message => message.Body).Where(body => body != "marker").Order());
        Assert.Equal(["paid"], other.All.Select(message => message.Body).Where(body => body != "marker"));
    }

    [SkippableFact]
    public async Task An_event_without_subscribers_disturbs_nobody()
    {
        await using var publisher = await Start("publisher");
        await publisher.Publish(typeof(OrderPaid), "nobody cares");
    }

    [SkippableFact]
    public async Task Who_unsubscribed_gets_no_more()
    {
        await using var receiver = await Start("receiver", subscribe: [typeof(OrderPlaced)]);
        await receiver.Subscriptions.Unsubscribe(typeof(OrderPlaced));
        await receiver.Publish(typeof(OrderPlaced), "placed");
        await receiver.Send(receiver.Address, "marker");
        await Eventually.Holds(() => receiver.All.Any(message => message.Body == "marker"), "the marker");
        Assert.DoesNotContain(receiver.All, message => message.Body == "placed");
    }

    [SkippableFact]
    public async Task A_message_whose_handling_fails_comes_again_with_a_rising_count()
    {
        var attempts = 0;
        await using var receiver = await Start("receiver", _ => ++attempts < 4 ? throw new InvalidOperationException("not yet") : Task.CompletedTask, concurrency: 1);
        await receiver.Send(receiver.Address, "try");
        await Eventually.Holds(() => receiver.All.Count == 4, "the fourth attempt");
        Assert.Equal([1, 2, 3], receiver.Errors.Select(error => error.Context.ImmediateProcessingFailures));
        Assert.All(receiver.Errors, error => Assert.Equal(("not yet", "try"), (error.Context.Exception.Message, error.Body)));
    }

    [SkippableFact]
    public async Task A_failed_message_that_was_taken_care_of_does_not_come_again()
    {
        await using var receiver = await Start(
            "receiver", message => message.Body == "bad" ? throw new InvalidOperationException("never") : Task.CompletedTask, _ => ErrorHandleResult.Handled, concurrency: 1);
        await receiver.Send(receiver.Address, "bad");
        await receiver.Send(receiver.Address, "good");
        await Eventually.Holds(() => receiver.All.Any(message => message.Body == "good"), "the next message");
        Assert.Equal(1, receiver.All.Count(message => message.Body == "bad"));
    }

    [SkippableFact]
    public async Task A_header_changed_by_a_handler_does_not_reach_the_next_attempt()
    {
        var first = true;
        await using var receiver = await Start("receiver", message =>
        {
            message.Headers["spoiled"] = "yes";
            if (!first) return Task.CompletedTask;
            first = false;
            throw new InvalidOperationException("once");
        });
        await receiver.Send(receiver.Address, "try");
        await Eventually.Holds(() => receiver.All.Count == 2, "the second attempt");
        Assert.False(Assert.Single(receiver.Errors).Context.Headers.ContainsKey("spoiled"));
    }

    [SkippableFact]
    public async Task A_delayed_message_comes_when_it_is_due_and_not_before()
    {
        await using var receiver = await Start("receiver");
        var sent = DateTimeOffset.UtcNow;
        await receiver.Send(receiver.Address, "later", new DispatchProperties { DelayDeliveryWith = TimeSpan.FromSeconds(2) });
        await receiver.Send(receiver.Address, "at", new DispatchProperties { DoNotDeliverBefore = sent.AddSeconds(1) });
        await receiver.Send(receiver.Address, "past", new DispatchProperties { DoNotDeliverBefore = sent.AddSeconds(-5) });
        await Eventually.Holds(() => receiver.All.Any(message => message.Body == "past"), "the one that was due already");
        await Eventually.Holds(() => receiver.All.Any(message => message.Body == "later"), "the later one");
        // Brokers count whole seconds; half a one is what rounding may take.
        Assert.True(DateTimeOffset.UtcNow - sent > TimeSpan.FromSeconds(1.5));
        Assert.Equal(["past", "at", "later"], receiver.All.Select(message => message.Body));
    }

    [SkippableFact]
    public async Task A_message_that_nobody_wanted_in_time_is_discarded()
    {
        await using (var sleeping = await Start("sleeper", receive: false))
        {
            await sleeping.Send(sleeping.Address, "short-lived", new DispatchProperties { DiscardIfNotReceivedBefore = TimeSpan.FromMilliseconds(100) });
            await sleeping.Send(sleeping.Address, "long-lived", new DispatchProperties { DiscardIfNotReceivedBefore = TimeSpan.FromHours(1) });
            await Task.Delay(400);
        }

        await using var awake = await Start("sleeper");
        await Eventually.Holds(() => awake.All.Any(message => message.Body == "long-lived"), "the one that lives");
        Assert.DoesNotContain(awake.All, message => message.Body == "short-lived");
    }

    [SkippableFact]
    public async Task Stopping_waits_for_what_is_being_handled_and_takes_nothing_more()
    {
        var release = new TaskCompletionSource();
        var receiver = await Start("receiver", _ => release.Task, concurrency: 1);
        await receiver.Send(receiver.Address, "first");
        await receiver.Send(receiver.Address, "second");
        await Eventually.Holds(() => receiver.All.Count == 1, "the first message");
        var stopping = receiver.Stop();
        Assert.False(stopping.IsCompleted);
        release.SetResult();
        await stopping;
        Assert.Equal("first", Assert.Single(receiver.All).Body);
        await receiver.DisposeAsync();
        await using var next = await Start("receiver");
        await Eventually.Holds(() => next.All.Count == 1, "the message left behind");
        Assert.Equal("second", next.All.Single().Body);
    }

    [SkippableFact]
    public async Task Asked_twice_to_stop_a_receiver_stops_once_and_both_wait_for_it()
    {
        var release = new TaskCompletionSource();
        await using var receiver = await Start("receiver", _ => release.Task);
        await receiver.Send(receiver.Address, "running");
        await Eventually.Holds(() => receiver.All.Count == 1, "arrival");
        var both = Task.WhenAll(receiver.StopAgain(), receiver.StopAgain());
        Assert.False(both.IsCompleted);
        release.SetResult();
        await both.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [SkippableFact]
    public async Task A_handler_that_is_cancelled_by_the_stop_leaves_its_message_in_the_queue()
    {
        var receiver = await Start("receiver", message => Task.Delay(Timeout.Infinite, message.CancellationToken));
        await receiver.Send(receiver.Address, "unfinished");
        await Eventually.Holds(() => receiver.All.Count == 1, "arrival");
        await receiver.Stop(new CancellationToken(canceled: true));
        await receiver.DisposeAsync();
        await using var next = await Start("receiver");
        await Eventually.Holds(() => next.All.Count == 1, "the same message");
    }

    [SkippableFact]
    public async Task Competing_receivers_share_the_messages_and_handle_each_once()
    {
        const int count = 200;
        var handled = new ConcurrentBag<string>();
        Task Note(Received message)
        {
            handled.Add(message.Body);
            return Task.CompletedTask;
        }

        await using var one = await Start("shared", Note);
        await using var two = await Start("shared", Note);
        await one.Dispatch([.. Enumerable.Range(0, count).Select(number => TestTransport.Operation(new UnicastDestination(one.Address), number.ToString()))]);
        await Eventually.Holds(() => handled.Count >= count, "all messages");
        Assert.Equal(count, handled.Distinct().Count());
        Assert.Equal(count, handled.Count);
    }

    [SkippableFact]
    public async Task No_more_messages_are_handled_at_a_time_than_allowed()
    {
        var (running, most) = (0, 0);
        var gate = new Lock();
        await using var receiver = await Start(
            "receiver",
            async _ =>
            {
                lock (gate) most = Math.Max(most, ++running);
                await Task.Delay(20);
                lock (gate) running--;
            },
            concurrency: 3);
        for (var number = 0; number < 20; number++) await receiver.Send(receiver.Address, "work");
        await Eventually.Holds(() => receiver.All.Count == 20, "all messages");
        Assert.InRange(most, 2, 3);
    }

    [SkippableFact]
    public async Task An_empty_body_and_a_body_that_is_no_text_arrive_as_they_are()
    {
        await using var receiver = await Start("receiver");
        byte[] bytes = [0xFF, 0x00, 0xFE, 0x80];
        await receiver.Dispatch(
            new TransportOperation(new OutgoingMessage("b1", new() { [Headers.MessageId] = "b1" }, bytes), new UnicastDestination(receiver.Address), DispatchProperties.None),
            new TransportOperation(new OutgoingMessage("b2", new() { [Headers.MessageId] = "b2" }, Array.Empty<byte>()), new UnicastDestination(receiver.Address), DispatchProperties.None));
        await Eventually.Holds(() => receiver.All.Count == 2, "both");
        Assert.Equal(System.Text.Encoding.UTF8.GetString(bytes), receiver.All.Single(message => message.Id == "b1").Body);
        Assert.Equal("", receiver.All.Single(message => message.Id == "b2").Body);
    }

    [SkippableFact]
    public async Task A_queue_deleted_under_its_receiver_is_received_from_again_when_it_is_back()
    {
        var log = new LogLines();
        await using var receiver = await TestTransport.Start(Create(), $"receiver-{suffix}", loggers: LoggerFactory.Create(builder => builder.AddProvider(log)));
        await receiver.Send(receiver.Address, "before");
        await Eventually.Holds(() => receiver.All.Count == 1, "the message before");
        await DeleteQueue(receiver.Address);
        // RabbitMQ 3.10 leaves a consumer in limbo when the queue is made again in the same millisecond; nobody does that.
        await Eventually.Holds(() => log.Lines.Any(line => line.Contains("no longer received from", StringComparison.Ordinal) || line.Contains("was deleted", StringComparison.Ordinal)), "the notice");
        await using var installer = await Start("receiver", receive: false);
        await installer.Send(receiver.Address, "after");
        await Eventually.Holds(() => receiver.All.Any(message => message.Body == "after"), "the message after");
    }

    protected abstract Task DeleteQueue(string address);

    /// <summary>A transport of its own, or a reason why there is none.</summary>
    protected abstract TransportDefinition Create();

    private protected Task<TestTransport> Start(
        string name, Func<Received, Task>? handle = null, Func<ErrorContext, ErrorHandleResult>? fail = null, int concurrency = 4, bool receive = true, params Type[] subscribe) =>
        TestTransport.Start(Create(), $"{name}-{suffix}", handle, fail, concurrency: concurrency, receive: receive, subscribe: subscribe);
}

public sealed class LearningTransportTests : TransportBehaviour, IDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), "transport-" + Guid.NewGuid().ToString("N"));

    public void Dispose()
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    protected override TransportDefinition Create() => new LearningTransport { StorageDirectory = folder };

    protected override Task DeleteQueue(string address)
    {
        Directory.Delete(Path.Combine(folder, address), recursive: true);
        return Task.CompletedTask;
    }
}
