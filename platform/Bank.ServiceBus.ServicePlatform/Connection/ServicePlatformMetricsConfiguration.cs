namespace Bank.ServiceBus;

/// <summary>The section <c>Metrics</c>.</summary>
public class ServicePlatformMetricsConfiguration
{
    /// <summary>Whether the section applies.</summary>
    public bool Enabled { get; set; }

    /// <summary>The queue of the monitoring instance; required when enabled.</summary>
    public string? MetricsQueue { get; set; }

    /// <summary>How often to report; required when enabled.</summary>
    public TimeSpan Interval { get; set; }

    /// <summary>The name of this instance among those of the endpoint. Null: it is known by its host.</summary>
    public string? InstanceId { get; set; }

    /// <summary>After how long an unread report is discarded. Null: 7 days.</summary>
    public TimeSpan? TimeToLive { get; set; }
}
