namespace Bank.ServiceBus.ServicePlatform;

/// <summary>Checks of durations that are configured.</summary>
internal static class Positive
{
    // Timers count milliseconds in 32 bits.
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(49);

    /// <exception cref="ArgumentOutOfRangeException">The duration is zero or less; the message names it.</exception>
    public static TimeSpan Check(TimeSpan duration, string name) =>
        duration > TimeSpan.Zero
            ? duration
            : throw new ArgumentOutOfRangeException(name, duration, $"{name}: must be above zero.");

    /// <exception cref="ArgumentOutOfRangeException">The duration is zero or less, or longer than a timer can wait; the message names it.</exception>
    public static TimeSpan CheckInterval(TimeSpan duration, string name) =>
        Check(duration, name) <= LongestInterval
            ? duration
            : throw new ArgumentOutOfRangeException(name, duration, $"{name}: must be at most {LongestInterval}.");
}
