namespace Bank.ServiceBus;

/// <summary>How an endpoint holds back while message after message fails: one at a time, with a pause after each failure, until one succeeds.</summary>
public class RateLimitSettings
{
    /// <summary>Describes the restraint.</summary>
    /// <param name="timeToWaitBetweenThrottledAttempts">The pause after each further failure. Default: 1 second.</param>
    /// <param name="onRateLimitStarted">Called when it begins; null for nothing.</param>
    /// <param name="onRateLimitEnded">Called when it ends; null for nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">The pause is negative.</exception>
    public RateLimitSettings(
        TimeSpan? timeToWaitBetweenThrottledAttempts = null,
        Func<CancellationToken, Task>? onRateLimitStarted = null,
        Func<CancellationToken, Task>? onRateLimitEnded = null)
    {
        TimeToWaitBetweenThrottledAttempts = timeToWaitBetweenThrottledAttempts ?? TimeSpan.FromSeconds(1);
        ArgumentOutOfRangeException.ThrowIfLessThan(TimeToWaitBetweenThrottledAttempts, TimeSpan.Zero, nameof(timeToWaitBetweenThrottledAttempts));
        OnRateLimitStarted = onRateLimitStarted;
        OnRateLimitEnded = onRateLimitEnded;
    }

    /// <summary>The pause after each further failure.</summary>
    public TimeSpan TimeToWaitBetweenThrottledAttempts { get; }

    /// <summary>Called when the restraint begins; null for nothing.</summary>
    public Func<CancellationToken, Task>? OnRateLimitStarted { get; }

    /// <summary>Called when the restraint ends; null for nothing.</summary>
    public Func<CancellationToken, Task>? OnRateLimitEnded { get; }
}
