using Bank.ServiceBus.Metrics;
using Bank.ServiceBus.ServicePlatform;

namespace Bank.ServiceBus;

/// <summary>Sends metrics to the monitoring instance of ServiceControl.</summary>
public static class MetricsOptionsExtensions
{
    /// <summary>Reports throughput, processing and critical time, and retries. What cannot be sent is logged and left out, and disturbs nothing.</summary>
    /// <param name="options">The metrics.</param>
    /// <param name="serviceControlMetricsAddress">The queue of the monitoring instance.</param>
    /// <param name="interval">How often to report.</param>
    /// <param name="instanceId">The name of this instance among those of the endpoint; null to go by the host.</param>
    /// <exception cref="ArgumentException">A text is blank or the interval not above zero; the message names it.</exception>
    public static void SendMetricDataToServiceControl(this MetricsOptions options, string serviceControlMetricsAddress, TimeSpan interval, string? instanceId = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(serviceControlMetricsAddress);
        if (instanceId is not null) ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        var values = options.Settings.GetOrCreate<MetricValues>();
        (values.Queue, values.Interval, values.InstanceId) = (serviceControlMetricsAddress, Positive.CheckInterval(interval, nameof(interval)), instanceId);
    }

    /// <summary>Sets after how long a report nobody has read is discarded. Default: 7 days.</summary>
    /// <exception cref="ArgumentException">The duration is not above zero.</exception>
    public static void SetServiceControlMetricsMessageTTBR(this MetricsOptions options, TimeSpan timeToBeReceived)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Settings.GetOrCreate<MetricValues>().TimeToBeReceived = Positive.Check(timeToBeReceived, nameof(timeToBeReceived));
    }
}
