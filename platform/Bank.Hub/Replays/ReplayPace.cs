namespace Bank.Hub.Replays;

/// <summary>Keeps a replay below its number of events per second.</summary>
/// <param name="perSecond">The limit; null for none.</param>
/// <param name="clock">The time.</param>
internal sealed class ReplayPace(int? perSecond, TimeProvider clock)
{
    // Small enough that a slow replay is a drizzle and not a shower every minute.
    private const int ChunksPerSecond = 10;

    private DateTimeOffset due = DateTimeOffset.MinValue;

    /// <summary>How many events to send at a time.</summary>
    public int Chunk(int most) => perSecond is { } limit ? Math.Clamp(limit / ChunksPerSecond, 1, most) : most;

    /// <summary>Counts what is about to be sent. Time in which nothing was sent is not made up for.</summary>
    public void Count(int events)
    {
        if (perSecond is not { } limit) return;
        var now = clock.GetUtcNow();
        due = (due > now ? due : now) + (events * TimeSpan.FromSeconds(1) / limit);
    }

    /// <summary>Waits until more may be sent.</summary>
    public Task Wait(CancellationToken cancellationToken)
    {
        var left = due - clock.GetUtcNow();
        return left > TimeSpan.Zero ? Task.Delay(left, clock, cancellationToken) : Task.CompletedTask;
    }
}
