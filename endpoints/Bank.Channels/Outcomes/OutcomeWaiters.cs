using System.Collections.Concurrent;

namespace Bank.Channels.Outcomes;

/// <summary>Clients that wait for an outcome: woken by the event in this process, with a look into the database for events that reached another one.</summary>
public sealed class OutcomeWaiters(RequestStore requests, TimeProvider clock)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> waiting = new();

    public void Wake(Guid requestId)
    {
        if (waiting.TryRemove(requestId, out var waiter)) waiter.TrySetResult();
    }

    /// <summary>Waits until the request has its outcome, or the time is over.</summary>
    /// <returns>The request as it is then; null when it is unknown.</returns>
    public async Task<RequestRecord?> Wait(Guid requestId, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        try
        {
            while (true)
            {
                var waiter = waiting.GetOrAdd(requestId, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                var record = await requests.Find(requestId, cancellationToken);
                var left = atMost - clock.GetElapsedTime(began);
                if (record is null || record.Outcome.IsFinal || left <= TimeSpan.Zero) return record;
                await Task.WhenAny(waiter.Task, Task.Delay(left < LookInterval ? left : LookInterval, clock, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            waiting.TryRemove(requestId, out _);
        }
    }
}
