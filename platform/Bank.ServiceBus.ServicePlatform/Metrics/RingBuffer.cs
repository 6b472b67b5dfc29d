namespace Bank.ServiceBus.Metrics;

/// <summary>Keeps the values of one metric between two reports, without allocating. When it is full, further values are left out: measuring must not slow handling down.</summary>
internal sealed class RingBuffer
{
    public const int Capacity = 4096;

    /// <summary>This many waiting values are reported without waiting for the interval.</summary>
    public const int ReportAt = 2048;

    private readonly RawEntry[] entries = new RawEntry[Capacity];
    private readonly Lock gate = new();
    private readonly SemaphoreSlim enough = new(0, 1);
    private int first;
    private int count;
    private long dropped;

    public void Add(RawEntry entry)
    {
        bool wake;
        lock (gate)
        {
            if (count == Capacity)
            {
                dropped++;
                return;
            }

            entries[(first + count) % Capacity] = entry;
            count++;
            // A permit not taken yet wakes the reader anyway.
            wake = count == ReportAt && enough.CurrentCount == 0;
            if (wake) enough.Release();
        }
    }

    /// <summary>Waits until enough values for a report are there, or an interval has passed.</summary>
    public async Task WaitForEnough(TimeSpan interval, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var due = new CancellationTokenSource(interval, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(due.Token, cancellationToken);
        try
        {
            await enough.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>Takes out all values, and how many were left out since the last time.</summary>
    public (RawEntry[] Entries, long Dropped) Drain()
    {
        lock (gate)
        {
            var taken = new RawEntry[count];
            for (var index = 0; index < taken.Length; index++) taken[index] = entries[(first + index) % Capacity];
            var missing = dropped;
            (first, count, dropped) = ((first + count) % Capacity, 0, 0);
            return (taken, missing);
        }
    }
}
