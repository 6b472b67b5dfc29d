using System.Collections.Concurrent;
using System.Reflection;
using Bank.StreamStore.Streams;
using Bank.StreamStore.Subscriptions;

namespace Bank.StreamStore.Tests;

/// <summary>What becomes of subscriptions when reading fails.</summary>
public sealed class DroppedSubscriptionTests
{
    [Fact]
    public async Task Errors_that_pass_are_tried_again_and_nobody_notices()
    {
        var (store, _) = await Failing(new TimeoutException(), times: 2);
        var dropped = new ConcurrentQueue<SubscriptionDroppedReason>();
        var seen = 0;
        using var notifier = new PollingStreamStoreNotifier(_ => Task.FromResult(0L), 1);
        using var all = new AllStreamSubscription(null, store, notifier, (_, _, _) => Task.FromResult(Interlocked.Increment(ref seen)), (_, reason, _) => dropped.Enqueue(reason), null, true, "");
        using var one = new StreamSubscription("a", null, store, notifier, (_, _, _) => Task.FromResult(Interlocked.Increment(ref seen)), (_, reason, _) => dropped.Enqueue(reason), null, true, " ");
        Assert.True(Guid.TryParse(all.Name, out _) && Guid.TryParse(one.Name, out _));
        await Until(() => Volatile.Read(ref seen) == 2);
        Assert.Empty(dropped);
    }

    [Fact]
    public async Task Errors_that_last_end_it_with_the_error()
    {
        var error = new InvalidOperationException("no");
        Assert.All(await Drops(error), drop => Assert.Equal((SubscriptionDroppedReason.StreamStoreError, error), (drop.Reason, drop.Error)));
    }

    [Fact]
    public async Task A_store_that_was_disposed_under_it_ends_it_as_if_it_was_disposed()
    {
        Assert.All(await Drops(new ObjectDisposedException("store")), drop => Assert.Equal((SubscriptionDroppedReason.Disposed, null), (drop.Reason, drop.Error)));
        Assert.All(await Drops(new OperationCanceledException()), drop => Assert.Equal((SubscriptionDroppedReason.Disposed, null), (drop.Reason, drop.Error)));
    }

    [Fact]
    public async Task A_read_of_the_end_that_fails_leaves_it_not_started()
    {
        var (store, _) = await Failing(new InvalidOperationException(), times: int.MaxValue);
        var dropped = new TaskCompletionSource();
        using var notifier = new PollingStreamStoreNotifier(_ => Task.FromResult(0L), 1);
        using var all = new AllStreamSubscription(Position.End, store, notifier, (_, _, _) => Task.CompletedTask, (_, _, _) => dropped.SetResult(), null, true, null);
        await dropped.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.False(all.Started.IsCompleted);
        Assert.Equal((Position.End, Position.End), (all.FromPosition, all.LastPosition));
    }

    private static async Task<IEnumerable<(SubscriptionDroppedReason Reason, Exception? Error)>> Drops(Exception error)
    {
        var (store, _) = await Failing(error, times: int.MaxValue);
        var dropped = new ConcurrentQueue<(SubscriptionDroppedReason, Exception?)>();
        using var notifier = new PollingStreamStoreNotifier(_ => Task.FromResult(0L), 1);
        using var all = new AllStreamSubscription(
            null, store, notifier, (_, _, _) => Task.CompletedTask, (_, reason, exception) => dropped.Enqueue((reason, exception)), null, true, null);
        using var one = new StreamSubscription(
            "a", null, store, notifier, (_, _, _) => Task.CompletedTask, (_, reason, exception) => dropped.Enqueue((reason, exception)), null, true, null);
        await Until(() => dropped.Count == 2);
        return dropped;
    }

    private static async Task<(IReadonlyStreamStore Store, FailingReads Reads)> Failing(Exception error, int times)
    {
        var inner = new InMemoryStreamStore();
        await inner.AppendToStream("a", ExpectedVersion.NoStream, new NewStreamMessage(Guid.NewGuid(), "t", "{}"));
        var store = DispatchProxy.Create<IReadonlyStreamStore, FailingReads>();
        var reads = (FailingReads)(object)store;
        (reads.Inner, reads.Error, reads.Times) = (inner, error, times);
        return (store, reads);
    }

    private static async Task Until(Func<bool> condition)
    {
        var deadline = DateTime.UtcNow.AddSeconds(20);
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < deadline);
            await Task.Delay(5);
        }
    }

    /// <summary>A store whose first reads of each kind fail.</summary>
    public class FailingReads : DispatchProxy
    {
        private readonly ConcurrentDictionary<string, int> _failed = new();

        public IReadonlyStreamStore? Inner { get; set; }

        public Exception? Error { get; set; }

        public int Times { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name.StartsWith("Read", StringComparison.Ordinal) && _failed.AddOrUpdate(targetMethod.Name, 1, (_, count) => count + 1) <= Times
                ? throw Error!
                : targetMethod.Invoke(Inner, args);
    }
}
