using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Subscriptions;

/// <summary>Follows all streams: reads page after page, then waits for an append in this process or for the time to look again.</summary>
internal sealed class AllStreamSubscription : IAllStreamSubscription
{
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
            var next = LastPosition == Position.End ? await store.ReadHeadPosition(stop.Token) + 1 : (LastPosition ?? -1) + 1;
            started.TrySetResult();
            while (true)
            {
                var appended = signal.Next;
                var page = await store.ReadAllForwards(next, MaxCountPerRead, prefetch, stop.Token);
                foreach (var message in page.Messages)
                {
                    stop.Token.ThrowIfCancellationRequested();
                    LastPosition = message.Position;
                    reason = SubscriptionDroppedReason.SubscriberError;
                    await received(this, message, stop.Token);
                    reason = SubscriptionDroppedReason.StreamStoreError;
                }

                next = page.NextPosition;
                if (page.Messages.Length > 0 || page.IsEnd) hasCaughtUp?.Invoke(page.IsEnd);
                if (page.IsEnd) await Task.WhenAny(appended, Task.Delay(lookInterval, stop.Token));
            }
        }
        catch (Exception exception) when (stop.IsCancellationRequested && exception is OperationCanceledException or ObjectDisposedException)
        {
            dropped?.Invoke(this, SubscriptionDroppedReason.Disposed);
        }
        catch (Exception exception)
        {
            dropped?.Invoke(this, reason, exception);
        }
    }
}
