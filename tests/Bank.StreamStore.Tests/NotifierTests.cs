using Bank.StreamStore.Infrastructure;
using Bank.StreamStore.Streams;
using Bank.StreamStore.Subscriptions;

namespace Bank.StreamStore.Tests;

public sealed class NotifierTests
{
    [Fact]
    public async Task It_tells_whenever_the_head_has_grown_and_only_then()
    {
        var head = -1L;
        var looks = 0;
        using var notifier = new PollingStreamStoreNotifier(
            _ =>
            {
                Interlocked.Increment(ref looks);
                return Task.FromResult(Volatile.Read(ref head));
            },
            interval: 1);
        var observer = new Counter();
        using var registration = notifier.Subscribe(observer);
        await Looks(3);
        Assert.Equal(0, observer.Count);
        foreach (var position in (long[])[0, 5, 4, 5, 6])
        {
            Volatile.Write(ref head, position);
            await Looks(3);
        }

        Assert.Equal(3, observer.Count);
        registration.Dispose();
        Volatile.Write(ref head, 7);
        await Looks(3);
        Assert.Equal(3, observer.Count);

        async Task Looks(int count)
        {
            var before = Volatile.Read(ref looks);
            await Until(() => Volatile.Read(ref looks) >= before + count);
        }
    }

    [Fact]
    public async Task It_goes_on_after_a_look_that_failed_and_ends_when_disposed()
    {
        var looks = 0;
        var notifier = new PollingStreamStoreNotifier(_ => Interlocked.Increment(ref looks) < 5 ? throw new InvalidOperationException() : Task.FromResult(1L), interval: 1);
        var observer = new Counter();
        notifier.Subscribe(observer);
        await Until(() => observer.Count == 1);
        notifier.Dispose();
        var after = Volatile.Read(ref looks);
        await Task.Delay(50);
        Assert.InRange(Volatile.Read(ref looks), after, after + 1);
        notifier.Dispose();
    }

    [Fact]
    public async Task It_looks_at_a_store()
    {
        using var store = new InMemoryStreamStore();
        using var notifier = new PollingStreamStoreNotifier(store, interval: 1);
        var observer = new Counter();
        notifier.Subscribe(observer);
        await store.AppendToStream("a", ExpectedVersion.NoStream, new NewStreamMessage(Guid.NewGuid(), "t", "{}"));
        await Until(() => observer.Count == 1);
    }

    private static async Task Until(Func<bool> condition)
    {
        var deadline = DateTime.UtcNow.AddSeconds(20);
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < deadline);
            await Task.Delay(1);
        }
    }

    private sealed class Counter : IObserver<Unit>
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public void OnNext(Unit value) => Interlocked.Increment(ref _count);

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
