using System.Diagnostics;

namespace Bank.Benchmarks.Bus;

/// <summary>Counts what has arrived and takes the time from the first to the last.</summary>
public sealed class Arrivals(int expected)
{
    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long first;
    private int count;

    public void One()
    {
        if (Interlocked.CompareExchange(ref first, 0, 0) == 0) Interlocked.CompareExchange(ref first, Stopwatch.GetTimestamp(), 0);
        if (Interlocked.Increment(ref count) == expected) done.TrySetResult();
    }

    /// <returns>Arrivals per second.</returns>
    public async Task<double> Rate(CancellationToken cancellationToken)
    {
        await done.Task.WaitAsync(TimeSpan.FromMinutes(5), cancellationToken);
        return expected / Stopwatch.GetElapsedTime(Interlocked.Read(ref first)).TotalSeconds;
    }
}
