namespace Bank.Hub.Replays;

/// <summary>Wakes the sending of replays when this instance took a request.</summary>
internal sealed class ReplaySignal : IDisposable
{
    private readonly SemaphoreSlim raised = new(0, 1);
    private readonly Lock gate = new();

    public void Raise()
    {
        lock (gate)
        {
            if (raised.CurrentCount == 0) raised.Release();
        }
    }

    public Task Wait(TimeSpan limit, CancellationToken cancellationToken) => raised.WaitAsync(limit, cancellationToken);

    public void Dispose() => raised.Dispose();
}
