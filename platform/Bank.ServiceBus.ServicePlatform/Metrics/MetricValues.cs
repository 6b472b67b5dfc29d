namespace Bank.ServiceBus.Metrics;

/// <summary>What the metrics calls of one endpoint have gathered.</summary>
internal sealed class MetricValues
{
    public Probes Probes { get; } = new();

    public List<Action<ProbeContext>> Observers { get; } = [];

    /// <summary>The queue of the monitoring instance; null to report nothing.</summary>
    public string? Queue { get; set; }

    public TimeSpan Interval { get; set; }

    public string? InstanceId { get; set; }

    public TimeSpan TimeToBeReceived { get; set; } = TimeSpan.FromDays(7);
}
