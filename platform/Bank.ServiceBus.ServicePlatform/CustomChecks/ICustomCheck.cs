namespace Bank.ServiceBus.CustomChecks;

/// <summary>A check of something that the endpoint depends on, shown in ServicePulse. Made once, by dependency injection; never run twice at a time.</summary>
public interface ICustomCheck
{
    /// <summary>What the check is about, for people, such as "Database".</summary>
    string Category { get; }

    /// <summary>Tells the check among those of its endpoint.</summary>
    string Id { get; }

    /// <summary>How long after a run the next one follows; null to check once, at start.</summary>
    TimeSpan? Interval { get; }

    /// <summary>Checks. An exception counts as a failure.</summary>
    Task<CheckResult> PerformCheck(CancellationToken cancellationToken = default);
}
