namespace Bank.Testing.Servers;

/// <summary>Waits for what happens by itself, one day.</summary>
public static class Wait
{
    private const int FewestLooks = 10;

    private static readonly TimeSpan Usually = TimeSpan.FromMinutes(1), Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Looks again and again until something is so. Where tests share few threads one may be held up for longer than any limit, between a look and the next; that says nothing of what it waits
    /// for. So a round counts for a tenth of the limit at most, and the last look comes when the limit has passed.
    /// </summary>
    /// <param name="condition">Whether it is so.</param>
    /// <param name="what">What is waited for.</param>
    /// <param name="state">Tells how things stand, for whoever reads that it was in vain.</param>
    /// <param name="limit">How long to wait. Default: a minute.</param>
    /// <param name="clock">Measures it.</param>
    /// <exception cref="TimeoutException">It was in vain.</exception>
    public static async Task Until(Func<Task<bool>> condition, string what, Func<Task<string>>? state = null, TimeSpan? limit = null, TimeProvider? clock = null)
    {
        var (most, time, waited) = (limit ?? Usually, clock ?? TimeProvider.System, TimeSpan.Zero);
        var last = time.GetTimestamp();
        while (!await condition())
        {
            if (waited >= most) throw new TimeoutException($"Not within {most}: {what}.{Environment.NewLine}{(state is null ? "" : await state())}");
            await Task.Delay(Pause);
            var now = time.GetTimestamp();
            waited += TimeSpan.FromTicks(Math.Min(time.GetElapsedTime(last, now).Ticks, most.Ticks / FewestLooks));
            last = now;
        }
    }
}
