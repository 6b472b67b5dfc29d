namespace Bank.Hub.Projections;

/// <summary>Wakes the care for fills when there is something to do.</summary>
internal sealed class FillSignal : IDisposable
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
