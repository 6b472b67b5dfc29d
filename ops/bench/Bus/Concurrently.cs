namespace Bank.Benchmarks.Bus;

/// <summary>Runs something many times, several at a time; each begins when an earlier one is done.</summary>
internal static class Concurrently
{
    public static Task Run(int times, int width, Func<int, Task> action)
    {
        var next = -1;
        return Task.WhenAll(Enumerable.Range(0, width).Select(_ => Task.Run(Work)));

        async Task Work()
        {
            for (var index = Interlocked.Increment(ref next); index < times; index = Interlocked.Increment(ref next)) await action(index);
        }
    }
}
