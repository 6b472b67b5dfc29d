namespace Bank.Channels.Outcomes;

/// <summary>Clients that wait for an outcome: woken by the event in this process, with a look into the database for events that reached another one.</summary>
public sealed class OutcomeWaiters(RequestStore requests, TimeProvider clock)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);

    private readonly Lock gate = new();
    private readonly Dictionary<Guid, List<TaskCompletionSource>> waiting = [];

    public void Wake(Guid requestId)
    {
        lock (gate)
        {
            if (!waiting.TryGetValue(requestId, out var waiters)) return;
            foreach (var waiter in waiters) waiter.TrySetResult();
        }
    }

    /// <summary>Waits until the request has its outcome, or the time is over.</summary>
    /// <returns>The request as it is then; null when it is unknown.</returns>
    public async Task<RequestRecord?> Wait(Guid requestId, TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (atMost <= TimeSpan.Zero) return await requests.Find(requestId, cancellationToken);
        var began = clock.GetTimestamp();
        // Before the first look, so that no event falls between the two.
        var waiter = Add(requestId);
        try
        {
            while (true)
            {
                var record = await requests.Find(requestId, cancellationToken);
                var left = atMost - clock.GetElapsedTime(began);
                if (record is null || record.Outcome.IsFinal || left <= TimeSpan.Zero) return record;
                await Task.WhenAny(waiter.Task, Task.Delay(left < LookInterval ? left : LookInterval, clock, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            Remove(requestId, waiter);
        }
    }

    private TaskCompletionSource Add(Guid requestId)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (!waiting.TryGetValue(requestId, out var waiters)) waiting[requestId] = waiters = [];
            waiters.Add(waiter);
        }

        return waiter;
    }

    // Its own alone: others may wait for the same request.
    private void Remove(Guid requestId, TaskCompletionSource waiter)
    {
        lock (gate)
        {
            var waiters = waiting[requestId];
            waiters.Remove(waiter);
            if (waiters.Count == 0) waiting.Remove(requestId);
        }
    }
}
