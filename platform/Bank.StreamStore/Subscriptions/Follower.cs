using Bank.StreamStore.Infrastructure;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Subscriptions;

/// <summary>The loop of every subscription: reads page after page, hands out the messages, then waits until it is told of an append.</summary>
internal sealed class Follower
{
    private const int MostAttempts = 10;

    private readonly AppendSignal signal = new();
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IReadonlyStreamStore? store;
    private IDisposable? registration;
    private volatile bool isHandling;
    private int isDropped;

    /// <summary>Finds out where to begin.</summary>
    public required Func<CancellationToken, Task<long>> FindStart { get; init; }

    /// <summary>Reads a page from a place on: its messages, where the next one begins, and whether it is the last.</summary>
    public required Func<long, CancellationToken, Task<(StreamMessage[] Messages, long Next, bool IsEnd)>> Read { get; init; }

    /// <summary>Hands out one message.</summary>
    public required Func<StreamMessage, CancellationToken, Task> HandOut { get; init; }

    /// <summary>Hears why the loop has ended; called once.</summary>
    public required Action<SubscriptionDroppedReason, Exception?> Dropped { get; init; }

    /// <summary>Hears whether the end was reached; null for nobody.</summary>
    public required HasCaughtUp? HasCaughtUp { get; init; }

    /// <summary>Whether it is told again that the end was reached when it was woken and found nothing new.</summary>
    public bool TellsAtEveryWakeUp { get; init; }

    /// <summary>Whether the end is told inside <see cref="Stop"/>, unless a message is being handled; else always by the loop.</summary>
    public bool DropsWhenStopped { get; init; }

    /// <summary>Completes when the place to begin is known.</summary>
    public Task Started => started.Task;

    public void Start(IReadonlyStreamStore followed, IObservable<Unit> appended)
    {
        store = followed;
        registration = appended.Subscribe(signal);
        store.OnDispose += Stop;
        _ = Task.Run(Follow);
    }

    public void Stop()
    {
        Leave();
        stop.Cancel();
        // The loop sets its mark before it looks for the cancellation; so one of both tells the end.
        if (DropsWhenStopped && !isHandling) Drop(SubscriptionDroppedReason.Disposed, null);
    }

    private async Task Follow()
    {
        var reason = SubscriptionDroppedReason.StreamStoreError;
        try
        {
            var next = await Patiently(FindStart);
            started.TrySetResult();
            bool? told = null;
            var (isFirst, isWakeUp) = (true, true);
            while (true)
            {
                var appended = signal.Next;
                reason = SubscriptionDroppedReason.StreamStoreError;
                var from = next;
                (var messages, next, var isEnd) = await Patiently(token => Read(from, token));
                reason = SubscriptionDroppedReason.SubscriberError;
                foreach (var message in messages) await Handle(message);

                if (told != isEnd && (isFirst || messages.Length > 0 || (isWakeUp && TellsAtEveryWakeUp))) HasCaughtUp?.Invoke(isEnd);
                (told, isFirst, isWakeUp) = (isEnd, false, false);
                if (!isEnd) continue;
                await appended.WaitAsync(stop.Token);
                // What comes from now on is a new burst, of which the subscriber hears again.
                (told, isWakeUp) = (null, true);
            }
        }
        catch (Exception exception)
        {
            Leave();
            var isDisposed = stop.IsCancellationRequested
                || (reason == SubscriptionDroppedReason.StreamStoreError && exception is ObjectDisposedException or OperationCanceledException);
            if (isDisposed) Drop(SubscriptionDroppedReason.Disposed, null);
            else Drop(reason, exception);
        }
    }

    private async Task Handle(StreamMessage message)
    {
        isHandling = true;
        Interlocked.MemoryBarrier();
        stop.Token.ThrowIfCancellationRequested();
        await HandOut(message, stop.Token);
        isHandling = false;
        Interlocked.MemoryBarrier();
        stop.Token.ThrowIfCancellationRequested();
    }

    private void Drop(SubscriptionDroppedReason reason, Exception? exception)
    {
        if (Interlocked.Exchange(ref isDropped, 1) == 1) return;
        try
        {
            Dropped(reason, exception);
        }
        catch (Exception)
        {
            // Nobody is left to be told.
        }
    }

    private void Leave()
    {
        if (store is not null) store.OnDispose -= Stop;
        registration?.Dispose();
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
