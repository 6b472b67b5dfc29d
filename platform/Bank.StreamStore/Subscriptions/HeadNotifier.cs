using Bank.StreamStore.Infrastructure;

namespace Bank.StreamStore.Subscriptions;

/// <summary>Tells that the head of a store has grown, once for each growth: it is told so by the store itself, or looks from time to time and when asked to.</summary>
internal sealed class HeadNotifier : IStreamStoreNotifier
{
    private static readonly TimeSpan LongestPauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly Func<CancellationToken, Task<long>> readHead;
    private readonly TimeSpan interval;
    private readonly Lock gate = new();
    private readonly SemaphoreSlim asked = new(0);
    private readonly CancellationTokenSource stop = new();
    private IObserver<Unit>[] observers = [];
    private long head = -1;

    public HeadNotifier(Func<CancellationToken, Task<long>> readHead, TimeSpan interval)
    {
        this.readHead = readHead;
        this.interval = interval;
        _ = Task.Run(Look);
    }

    public IDisposable Subscribe(IObserver<Unit> observer)
    {
        lock (gate) observers = [.. observers, observer];
        return new Registration(this, observer);
    }

    /// <summary>Takes note of a position that is visible to readers.</summary>
    /// <returns>Whether it was news.</returns>
    public bool Seen(long position)
    {
        IObserver<Unit>[] told;
        lock (gate)
        {
            if (position <= head) return false;
            head = position;
            told = observers;
        }

        foreach (var observer in told) observer.OnNext(Unit.Default);
        return true;
    }

    /// <summary>Looks at once.</summary>
    public void LookNow()
    {
        if (asked.CurrentCount == 0) asked.Release();
    }

    public void Dispose()
    {
        stop.Cancel();
        lock (gate) observers = [];
    }

    private async Task Look()
    {
        while (!stop.IsCancellationRequested)
        {
            var pause = interval;
            try
            {
                if (Seen(await readHead(stop.Token))) continue;
            }
            catch (Exception) when (!stop.IsCancellationRequested)
            {
                // The next look may succeed; subscribers learn of lasting failures when they read themselves.
                pause = interval < LongestPauseAfterFailure && interval >= TimeSpan.Zero ? interval : LongestPauseAfterFailure;
            }
            catch (Exception)
            {
                return;
            }

            await ((Task)asked.WaitAsync(pause, stop.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private sealed class Registration(HeadNotifier notifier, IObserver<Unit> observer) : IDisposable
    {
        public void Dispose()
        {
            lock (notifier.gate) notifier.observers = [.. notifier.observers.Where(other => other != observer)];
        }
    }
}
