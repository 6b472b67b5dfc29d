namespace Bank.ServiceBus;

/// <summary>The section <c>CustomChecks</c>.</summary>
public class ServicePlatformCustomChecksConfiguration
{
    /// <summary>Whether the section applies.</summary>
    public bool Enabled { get; set; }

    /// <summary>The queue of the error instance; required when enabled.</summary>
    public string? CustomChecksQueue { get; set; }

    /// <summary>After how long an unread report of a repeated check is discarded. Null: four times the interval of the check.</summary>
    public TimeSpan? TimeToLive { get; set; }
}
