using System.Collections.Concurrent;
using Bank.StreamStore.Streams;
using Bank.StreamStore.Subscriptions;

namespace Bank.StreamStore.Tests;

/// <summary>How one stream is followed; the same for every store.</summary>
public abstract class StreamSubscriptionBehaviour(StoreFixture fixture) : StoreBehaviour(fixture)
{
    private const string Stream = "stream-1";

    private readonly ConcurrentQueue<int> _versions = [];

    [SkippableFact]
    public async Task A_follower_gets_what_is_there_and_then_what_comes_of_its_stream_alone()
    {
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages([.. Enumerable.Range(1, 25)]));
        await Store.AppendToStream("other", ExpectedVersion.NoStream, Messages(1, 2, 3));
        using var subscription = Store.SubscribeToStream(Stream, null, Collect, name: "mine");
        Assert.Equal(("mine", Stream, StreamSubscription.DefaultPageSize), (subscription.Name, subscription.StreamId, subscription.MaxCountPerRead));
        await Until(() => _versions.Count == 25, "25 messages");
        await Store.AppendToStream("other", 2, Messages(4));
        await Store.AppendToStream(Stream, 24, Messages(26, 27));
        await Until(() => _versions.Count == 27, "27 messages");
        Assert.Equal(Enumerable.Range(0, 27), _versions);
        Assert.Equal(26, subscription.LastVersion);
    }

    [SkippableFact]
    public async Task A_stream_that_does_not_exist_yet_can_be_followed()
    {
        using var fromStart = Store.SubscribeToStream(Stream, null, Collect);
        using var fromEnd = Store.SubscribeToStream(Stream, StreamVersion.End, Collect);
        await fromStart.Started;
        await fromEnd.Started;
        Assert.Null(fromStart.LastVersion);
        Assert.Null(fromEnd.LastVersion);
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages(1, 2));
        await Until(() => _versions.Count == 4, "both messages twice");
        Assert.Equal([0, 0, 1, 1], _versions.Order());
    }

    [SkippableTheory]
    [InlineData(0, new[] { 1, 2, 3 })]
    [InlineData(2, new[] { 3 })]
    [InlineData(-1, new[] { 3 })]
    public async Task A_follower_continues_after_a_version_or_at_the_end(int after, int[] expected)
    {
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages(1, 2, 3));
        using var subscription = Store.SubscribeToStream(Stream, after, Collect);
        await subscription.Started;
        await Store.AppendToStream(Stream, 2, Messages(4));
        await Until(() => _versions.Contains(3), "version 3");
        Assert.Equal(expected, _versions);
    }

    [SkippableFact]
    public async Task Following_from_the_end_of_a_stream_with_one_message_does_not_repeat_it()
    {
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages(1));
        using var subscription = Store.SubscribeToStream(Stream, StreamVersion.End, Collect);
        await subscription.Started;
        Assert.Equal(0, subscription.LastVersion);
        await Store.AppendToStream(Stream, 0, Messages(2));
        await Until(() => !_versions.IsEmpty, "a message");
        Assert.Equal([1], _versions);
    }

    [SkippableFact]
    public async Task A_follower_in_another_process_sees_it_too()
    {
        Skip.IfNot(Fixture.IsShared, "This store lives in one process.");
        var other = await Open();
        using var subscription = other.SubscribeToStream(Stream, null, Collect);
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages(1));
        await Until(() => _versions.Count == 1, "a message from the other store");
    }

    [SkippableFact]
    public async Task It_is_told_that_it_has_caught_up_and_not_again_while_nothing_happens()
    {
        var told = new ConcurrentQueue<bool>();
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages([.. Enumerable.Range(1, 30)]));
        using var subscription = Store.SubscribeToStream(Stream, null, Collect, hasCaughtUp: told.Enqueue);
        await Until(() => told.Contains(true), "caught up");
        Assert.Equal(30, _versions.Count);
        Assert.False(told.First());
        await Task.Delay(300);
        Assert.InRange(told.Count(caughtUp => caughtUp), 1, 2);
        var before = told.Count;
        await Store.AppendToStream(Stream, 29, Messages(31));
        await Until(() => told.Count > before, "caught up again");
        Assert.True(told.Last());
    }

    [SkippableFact]
    public async Task It_is_told_that_it_has_caught_up_with_a_missing_stream()
    {
        var told = new ConcurrentQueue<bool>();
        using var subscription = Store.SubscribeToStream(Stream, null, Collect, hasCaughtUp: told.Enqueue);
        await Until(() => !told.IsEmpty, "caught up");
        Assert.True(told.First());
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_subscriber_throws_ends_it_with_the_error(bool inHandler)
    {
        var dropped = new ConcurrentQueue<(SubscriptionDroppedReason Reason, Exception? Error)>();
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages(1, 2));
        using var one = Store.SubscribeToStream(
            Stream, null, (_, _, _) => inHandler ? throw new InvalidOperationException("no") : Task.CompletedTask, (_, reason, error) => dropped.Enqueue((reason, error)),
            _ => throw new InvalidOperationException("no"));
        using var all = Store.SubscribeToAll(
            null, (_, _, _) => inHandler ? throw new InvalidOperationException("no") : Task.CompletedTask, (_, reason, error) => dropped.Enqueue((reason, error)),
            _ => throw new InvalidOperationException("no"));
        await Until(() => dropped.Count == 2, "both dropped");
        Assert.All(dropped, drop => Assert.Equal((SubscriptionDroppedReason.SubscriberError, "no"), (drop.Reason, drop.Error?.Message)));
        if (inHandler) Assert.Equal((0, 0L), (one.LastVersion, all.LastPosition));
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Disposing_it_or_its_store_ends_it_at_once_and_once(bool disposeStore)
    {
        var reasons = new ConcurrentQueue<SubscriptionDroppedReason>();
        var subscription = Store.SubscribeToStream(Stream, null, Collect, (_, reason, _) => reasons.Enqueue(reason));
        await subscription.Started;
        if (disposeStore) Store.Dispose();
        else subscription.Dispose();
        Assert.Equal([SubscriptionDroppedReason.Disposed], reasons);
        subscription.Dispose();
        Assert.Single(reasons);
    }

    [SkippableFact]
    public async Task Disposed_while_a_message_is_handled_it_ends_when_the_handler_returns()
    {
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages(1, 2));
        var dropped = new TaskCompletionSource<SubscriptionDroppedReason>();
        var handling = new TaskCompletionSource<CancellationToken>();
        var goOn = new TaskCompletionSource();
        var subscription = Store.SubscribeToStream(
            Stream, null,
            async (_, message, token) =>
            {
                _versions.Enqueue(message.StreamVersion);
                handling.TrySetResult(token);
                await goOn.Task;
            },
            (_, reason, _) => dropped.TrySetResult(reason));
        var handlersToken = await handling.Task.WaitAsync(TimeSpan.FromSeconds(20));
        subscription.Dispose();
        Assert.True(handlersToken.IsCancellationRequested);
        Assert.False(dropped.Task.IsCompleted);
        goOn.SetResult();
        Assert.Equal(SubscriptionDroppedReason.Disposed, await dropped.Task.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal([0], _versions);
    }

    [SkippableFact]
    public async Task It_reads_as_many_messages_at_once_as_it_is_told_and_at_least_one()
    {
        using var subscription = Store.SubscribeToStream(Stream, null, Collect);
        subscription.MaxCountPerRead = 0;
        Assert.Equal(1, subscription.MaxCountPerRead);
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages(1, 2, 3));
        await Until(() => _versions.Count == 3, "three messages");
    }

    [SkippableFact]
    public async Task Messages_may_fetch_their_data_when_asked()
    {
        await Store.AppendToStream(Stream, ExpectedVersion.NoStream, Messages(7));
        var data = new TaskCompletionSource<string?>();
        using var subscription = Store.SubscribeToStream(
            Stream, null, async (_, message, token) => data.TrySetResult(await message.GetJsonData(token)), prefetchJsonData: false);
        AssertSameJson("""{"number":7}""", await data.Task.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [SkippableFact]
    public async Task What_a_subscription_may_not_ask_is_refused()
    {
        await Task.CompletedTask;
        Assert.Throws<ArgumentNullException>(() => Store.SubscribeToStream(null!, null, Collect));
        Assert.Throws<ArgumentNullException>(() => Store.SubscribeToStream(Stream, null, null!));
        Assert.ThrowsAny<ArgumentException>(() => Store.SubscribeToStream("with space", null, Collect));
    }

    private Task Collect(IStreamSubscription subscription, StreamMessage message, CancellationToken token)
    {
        _versions.Enqueue(message.StreamVersion);
        return Task.CompletedTask;
    }
}
