using Bank.StreamStore.Infrastructure;

namespace Bank.StreamStore.Subscriptions;

/// <summary>Looks at the head position from time to time and tells when it has grown. Failed looks are repeated.</summary>
public sealed class PollingStreamStoreNotifier : IStreamStoreNotifier
{
    private readonly HeadNotifier notifier;

    /// <summary>Looks at a store.</summary>
    /// <param name="readonlyStreamStore">The store.</param>
    /// <param name="interval">Milliseconds between two looks.</param>
    public PollingStreamStoreNotifier(IReadonlyStreamStore readonlyStreamStore, int interval = 1000)
        : this(NotNull(readonlyStreamStore).ReadHeadPosition, interval)
    {
    }

    /// <summary>Looks in a way of its own.</summary>
    /// <param name="readHeadPosition">Reads the head position.</param>
    /// <param name="interval">Milliseconds between two looks.</param>
    public PollingStreamStoreNotifier(Func<CancellationToken, Task<long>> readHeadPosition, int interval = 1000)
    {
        ArgumentNullException.ThrowIfNull(readHeadPosition);
        ArgumentOutOfRangeException.ThrowIfNegative(interval);
        notifier = new HeadNotifier(readHeadPosition, TimeSpan.FromMilliseconds(interval));
    }

    /// <inheritdoc />
    public IDisposable Subscribe(IObserver<Unit> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return notifier.Subscribe(observer);
    }

    /// <inheritdoc />
    public void Dispose() => notifier.Dispose();

    private static IReadonlyStreamStore NotNull(IReadonlyStreamStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store;
    }
}
