namespace Bank.StreamStore.Infrastructure;

/// <summary>The system's time.</summary>
public static class SystemClock
{
    /// <summary>Tells the system's time, UTC.</summary>
    public static readonly GetUtcNow GetUtcNow = () => DateTime.UtcNow;
}
