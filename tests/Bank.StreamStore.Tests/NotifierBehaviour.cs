using Bank.StreamStore.Infrastructure;
using Bank.StreamStore.Streams;
using Bank.StreamStore.Subscriptions;

namespace Bank.StreamStore.Tests;

/// <summary>A notifier of the user's own, for those stores that take one.</summary>
public abstract class NotifierBehaviour(StoreFixture fixture) : StoreBehaviour(fixture)
{
    [SkippableFact]
    public async Task A_notifier_of_ones_own_takes_the_place_of_the_stores_and_ends_with_the_store()
    {
        var notifier = new NotifierByHand();
        Fixture.CreateNotifier = notifier.For;
        var store = await Open();
        Fixture.CreateNotifier = null;
        Assert.Null(notifier.Store);

        var seen = 0;
        using var all = store.SubscribeToAll(null, (_, _, _) => Task.FromResult(Interlocked.Increment(ref seen)));
        using var one = store.SubscribeToStream("stream-1", null, (_, _, _) => Task.FromResult(Interlocked.Increment(ref seen)));
        await all.Started;
        await one.Started;
        Assert.Same(store, notifier.Store);
        Assert.Equal(2, notifier.Observers.Count);
        await notifier.UntilQuiet(() => Volatile.Read(ref seen));

        await store.AppendToStream("stream-1", ExpectedVersion.NoStream, Messages(1));
        await notifier.UntilQuiet(() => Volatile.Read(ref seen));
        Assert.Equal(0, seen);
        notifier.Tell();
        await Until(() => Volatile.Read(ref seen) == 2, "both subscriptions have read");

        one.Dispose();
        Assert.Single(notifier.Observers);
        store.Dispose();
        Assert.True(notifier.IsDisposed);
    }

    private sealed class NotifierByHand : IStreamStoreNotifier
    {
        public IReadonlyStreamStore? Store { get; private set; }

        public List<IObserver<Unit>> Observers { get; } = [];

        public bool IsDisposed { get; private set; }

        public IStreamStoreNotifier For(IReadonlyStreamStore store)
        {
            Store = store;
            return this;
        }

        public IDisposable Subscribe(IObserver<Unit> observer)
        {
            Observers.Add(observer);
            return new Registration(() => Observers.Remove(observer));
        }

        public void Tell() => Observers.ForEach(observer => observer.OnNext(Unit.Default));

        /// <summary>Waits several times as long as the store's own notifier would need.</summary>
        public async Task UntilQuiet(Func<int> count)
        {
            for (var (before, round) = (-1, 0); before != count() || round < 10; round++)
            {
                before = count();
                await Task.Delay(30);
            }
        }

        public void Dispose() => IsDisposed = true;

        private sealed class Registration(Action end) : IDisposable
        {
            public void Dispose() => end();
        }
    }
}
