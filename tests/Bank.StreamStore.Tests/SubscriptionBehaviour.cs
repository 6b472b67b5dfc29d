using System.Collections.Concurrent;
using Bank.StreamStore.Streams;
using Bank.StreamStore.Subscriptions;

namespace Bank.StreamStore.Tests;

/// <summary>How the all-stream is followed; the same for every store.</summary>
public abstract class SubscriptionBehaviour(StoreFixture fixture) : StoreBehaviour(fixture)
{
    private readonly ConcurrentQueue<long> _positions = [];

    [SkippableFact]
    public async Task A_follower_gets_what_is_there_and_then_what_comes()
    {
        await Store.AppendToStream("a", ExpectedVersion.NoStream, Messages([.. Enumerable.Range(1, 25)]));
        using var subscription = Store.SubscribeToAll(null, Collect);
        await Until(() => _positions.Count == 25, "25 messages");
        await Store.AppendToStream("b", ExpectedVersion.NoStream, Messages(1, 2));
        await Until(() => _positions.Count == 27, "27 messages");
        Assert.Equal(Enumerable.Range(0, 27).Select(i => (long)i), _positions);
        Assert.Equal(26, subscription.LastPosition);
    }

    [SkippableTheory]
    [InlineData(0L, new long[] { 1, 2, 3 })]
    [InlineData(2L, new long[] { 3 })]
    [InlineData(-1L, new long[] { 3 })]
    public async Task A_follower_continues_after_a_position_or_at_the_end(long after, long[] expected)
    {
        await Store.AppendToStream("a", ExpectedVersion.NoStream, Messages(1, 2, 3));
        using var subscription = Store.SubscribeToAll(after, Collect);
        await subscription.Started;
        await Store.AppendToStream("a", 2, Messages(4));
        await Until(() => _positions.Contains(3), "position 3");
        Assert.Equal(expected, _positions);
    }

    [SkippableFact]
    public async Task Following_from_the_end_of_a_store_with_one_message_does_not_repeat_it()
    {
        await Store.AppendToStream("a", ExpectedVersion.NoStream, Messages(1));
        using var subscription = Store.SubscribeToAll(Position.End, Collect);
        await subscription.Started;
        await Store.AppendToStream("a", 0, Messages(2));
        await Until(() => !_positions.IsEmpty, "a message");
        Assert.Equal([1L], _positions);
    }

    [SkippableFact]
    public async Task A_follower_in_another_process_sees_it_too()
    {
        Skip.IfNot(Fixture.IsShared, "This store lives in one process.");
        var other = await Open();
        using var subscription = other.SubscribeToAll(null, Collect);
        await Store.AppendToStream("a", ExpectedVersion.NoStream, Messages(1));
        await Until(() => _positions.Count == 1, "a message from the other store");
    }

    [SkippableFact]
    public async Task It_is_told_once_when_it_has_caught_up_and_not_again_while_nothing_happens()
    {
        var told = new ConcurrentQueue<bool>();
        await Store.AppendToStream("a", ExpectedVersion.NoStream, Messages([.. Enumerable.Range(1, 30)]));
        using var subscription = Store.SubscribeToAll(null, Collect, hasCaughtUp: told.Enqueue);
        await Until(() => told.Contains(true), "caught up");
        await Task.Delay(300);
        Assert.Equal([false, true], told);
        await Store.AppendToStream("a", 29, Messages(31));
        await Until(() => told.Count(caughtUp => caughtUp) == 2, "caught up again");
    }

    [SkippableFact]
    public async Task It_is_told_that_it_has_caught_up_with_an_empty_store()
    {
        var told = new ConcurrentQueue<bool>();
        using var subscription = Store.SubscribeToAll(null, Collect, hasCaughtUp: told.Enqueue);
        await Until(() => !told.IsEmpty, "caught up");
        Assert.True(told.First());
    }

    [SkippableFact]
    public async Task A_handler_that_throws_ends_it_with_the_error()
    {
        var dropped = new TaskCompletionSource<(SubscriptionDroppedReason Reason, Exception? Error)>();
        using var subscription = Store.SubscribeToAll(null, (_, _, _) => throw new InvalidOperationException("no"), (_, reason, error) => dropped.TrySetResult((reason, error)));
        await Store.AppendToStream("a", ExpectedVersion.NoStream, Messages(1));
        var (reason, error) = await dropped.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(SubscriptionDroppedReason.SubscriberError, reason);
        Assert.IsType<InvalidOperationException>(error);
    }

    [SkippableFact]
    public async Task Disposing_it_or_its_store_ends_it_once()
    {
        foreach (var disposeStore in new[] { false, true })
        {
            var reasons = new ConcurrentQueue<SubscriptionDroppedReason>();
            var subscription = Store.SubscribeToAll(null, Collect, (_, reason, _) => reasons.Enqueue(reason));
            await subscription.Started;
            if (disposeStore) Store.Dispose();
            else subscription.Dispose();
            subscription.Dispose();
            await Until(() => !reasons.IsEmpty, "dropped");
            Assert.Equal([SubscriptionDroppedReason.Disposed], reasons);
        }
    }

    [SkippableFact]
    public async Task Messages_are_handed_out_one_after_the_other()
    {
        var inside = 0;
        var overlaps = 0;
        await Store.AppendToStream("a", ExpectedVersion.NoStream, Messages(1, 2, 3, 4, 5));
        using var subscription = Store.SubscribeToAll(null, async (_, message, token) =>
        {
            if (Interlocked.Increment(ref inside) > 1) overlaps++;
            await Task.Delay(5, token);
            Interlocked.Decrement(ref inside);
            _positions.Enqueue(message.Position);
        });
        await Until(() => _positions.Count == 5, "5 messages");
        Assert.Equal(0, overlaps);
    }

    [SkippableFact]
    public async Task Disposed_while_a_message_is_handled_it_ends_when_the_handler_returns()
    {
        await Store.AppendToStream("a", ExpectedVersion.NoStream, Messages(1, 2));
        var dropped = new TaskCompletionSource<SubscriptionDroppedReason>();
        var handling = new TaskCompletionSource<CancellationToken>();
        var goOn = new TaskCompletionSource();
        var subscription = Store.SubscribeToAll(
            null,
            async (_, message, token) =>
            {
                _positions.Enqueue(message.Position);
                handling.TrySetResult(token);
                await goOn.Task;
            },
            (_, reason, _) => dropped.TrySetResult(reason));
        var handlersToken = await handling.Task.WaitAsync(TimeSpan.FromSeconds(60));
        subscription.Dispose();
        Assert.True(handlersToken.IsCancellationRequested);
        Assert.False(dropped.Task.IsCompleted);
        goOn.SetResult();
        Assert.Equal(SubscriptionDroppedReason.Disposed, await dropped.Task.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal([0L], _positions);
    }

    [SkippableFact]
    public async Task It_has_a_name_reads_as_many_as_it_is_told_and_leaves_data_until_asked()
    {
        await Store.AppendToStream("a", ExpectedVersion.NoStream, Messages(7));
        var data = new TaskCompletionSource<string?>();
        using var subscription = Store.SubscribeToAll(null, async (_, message, token) => data.TrySetResult(await message.GetJsonData(token)), prefetchJsonData: false, name: "mine");
        using var nameless = Store.SubscribeToAll(Position.End, Collect);
        Assert.Equal(("mine", AllStreamSubscription.DefaultPageSize), (subscription.Name, subscription.MaxCountPerRead));
        Assert.True(Guid.TryParse(nameless.Name, out _));
        Assert.Equal(Position.End, nameless.LastPosition);
        subscription.MaxCountPerRead = -1;
        Assert.Equal(1, subscription.MaxCountPerRead);
        AssertSameJson("""{"number":7}""", await data.Task.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [SkippableFact]
    public async Task What_the_callback_of_the_end_throws_goes_nowhere()
    {
        var called = 0;
        var subscription = Store.SubscribeToAll(null, Collect, (_, _, _) =>
        {
            Interlocked.Increment(ref called);
            throw new InvalidOperationException("no");
        });
        await subscription.Started;
        subscription.Dispose();
        await Until(() => Volatile.Read(ref called) == 1, "dropped");
        subscription.Dispose();
        Store.Dispose();
        Assert.Equal(1, called);
    }

    private Task Collect(IAllStreamSubscription subscription, StreamMessage message, CancellationToken token)
    {
        _positions.Enqueue(message.Position);
        return Task.CompletedTask;
    }
}
