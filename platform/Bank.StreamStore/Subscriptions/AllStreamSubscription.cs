using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Subscriptions;

/// <summary>Follows all streams: reads page after page, then waits for an append in this process or for the time to look again.</summary>
internal sealed class AllStreamSubscription : IAllStreamSubscription
{
    private const int MostAttempts = 10;

    private readonly IReadonlyStreamStore store;
    private readonly AppendSignal signal;
    private readonly TimeSpan lookInterval;
    private readonly AllStreamMessageReceived received;
    private readonly AllSubscriptionDropped? dropped;
    private readonly HasCaughtUp? hasCaughtUp;
    private readonly bool prefetch;
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AllStreamSubscription(
        IReadonlyStreamStore store, AppendSignal signal, TimeSpan lookInterval, long? continueAfterPosition,
        AllStreamMessageReceived received, AllSubscriptionDropped? dropped, HasCaughtUp? hasCaughtUp, bool prefetch, string? name)
    {
        this.store = store;
        this.signal = signal;
        this.lookInterval = lookInterval;
        this.received = received;
        this.dropped = dropped;
        this.hasCaughtUp = hasCaughtUp;
        this.prefetch = prefetch;
        LastPosition = continueAfterPosition;
        Name = string.IsNullOrWhiteSpace(name) ? Guid.NewGuid().ToString() : name;
        store.OnDispose += Dispose;
        _ = Task.Run(Follow);
    }

    public string Name { get; }

    public long? LastPosition { get; private set; }

    public Task Started => started.Task;

    public int MaxCountPerRead { get; set => field = Math.Max(1, value); } = 10;

    public void Dispose()
    {
        store.OnDispose -= Dispose;
        stop.Cancel();
    }

    private async Task Follow()
    {
        var reason = SubscriptionDroppedReason.StreamStoreError;
        try
        {
            var next = LastPosition == Position.End ? await Patiently(store.ReadHeadPosition) + 1 : (LastPosition ?? -1) + 1;
            started.TrySetResult();
            bool? told = null;
            var isFirst = true;
            while (true)
            {
                var appended = signal.Next;
                reason = SubscriptionDroppedReason.StreamStoreError;
                var page = await Patiently(token => store.ReadAllForwards(next, MaxCountPerRead, prefetch, token));
                reason = SubscriptionDroppedReason.SubscriberError;
                foreach (var message in page.Messages)
                {
                    stop.Token.ThrowIfCancellationRequested();
                    LastPosition = message.Position;
                    await received(this, message, stop.Token);
                }

                next = page.NextPosition;
                if (told != page.IsEnd && (isFirst || page.Messages.Length > 0)) hasCaughtUp?.Invoke(page.IsEnd);
                (told, isFirst) = (page.IsEnd, false);
                if (!page.IsEnd) continue;
                await Task.WhenAny(appended, Task.Delay(lookInterval, stop.Token));
                stop.Token.ThrowIfCancellationRequested();
                // What comes from now on is a new burst, of which the subscriber hears again.
                told = null;
            }
        }
        catch (Exception exception)
        {
            store.OnDispose -= Dispose;
            if (stop.IsCancellationRequested) dropped?.Invoke(this, SubscriptionDroppedReason.Disposed);
            else dropped?.Invoke(this, reason, exception);
        }
    }

    private async Task<T> Patiently<T>(Func<CancellationToken, Task<T>> read)
    {
        var pause = TimeSpan.FromMilliseconds(50);
        for (var attempt = 1; ; attempt++, pause *= 2)
        {
            try
            {
                stop.Token.ThrowIfCancellationRequested();
                return await read(stop.Token);
            }
            catch (Exception exception) when (attempt < MostAttempts && Transient.Is(exception))
            {
                await Task.Delay(pause, stop.Token);
            }
        }
    }
}
