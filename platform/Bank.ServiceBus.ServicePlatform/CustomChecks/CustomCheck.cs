namespace Bank.ServiceBus.CustomChecks;

/// <summary>A check of something that the endpoint depends on.</summary>
public abstract class CustomCheck : ICustomCheck
{
    /// <summary>Describes the check.</summary>
    /// <param name="id">Tells the check among those of its endpoint.</param>
    /// <param name="category">What it is about, for people.</param>
    /// <param name="repeatAfter">How long after a run the next one follows; null to check once, at start.</param>
    /// <exception cref="ArgumentException">A text is blank, or the time is not above zero or above 49 days.</exception>
    protected CustomCheck(string id, string category, TimeSpan? repeatAfter = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        ArgumentException.ThrowIfNullOrWhiteSpace(category);
        if (repeatAfter is { } time) ServicePlatform.Positive.CheckInterval(time, nameof(repeatAfter));
        (Id, Category, Interval) = (id, category, repeatAfter);
    }

    /// <inheritdoc />
    public string Category { get; }

    /// <inheritdoc />
    public string Id { get; }

    /// <inheritdoc />
    public TimeSpan? Interval { get; }

    /// <inheritdoc />
    public abstract Task<CheckResult> PerformCheck(CancellationToken cancellationToken = default);
}
