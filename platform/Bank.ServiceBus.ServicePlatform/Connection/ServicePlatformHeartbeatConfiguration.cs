namespace Bank.ServiceBus;

/// <summary>The section <c>Heartbeats</c>.</summary>
public class ServicePlatformHeartbeatConfiguration
{
    /// <summary>Whether the section applies.</summary>
    public bool Enabled { get; set; }

    /// <summary>The queue of the error instance; required when enabled.</summary>
    public string? HeartbeatsQueue { get; set; }

    /// <summary>The time between two heartbeats. Null: 10 seconds.</summary>
    public TimeSpan? Frequency { get; set; }

    /// <summary>After how long an unread heartbeat is discarded. Null: four times the frequency.</summary>
    public TimeSpan? TimeToLive { get; set; }
}
