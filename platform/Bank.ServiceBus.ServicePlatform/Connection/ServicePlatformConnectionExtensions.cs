using Bank.ServiceBus.ServicePlatform;

namespace Bank.ServiceBus;

/// <summary>Connects an endpoint to ServiceControl.</summary>
public static class ServicePlatformConnectionExtensions
{
    /// <summary>Applies the sections that are present and enabled. All of it is checked before any of it is applied.</summary>
    /// <exception cref="ArgumentException">An enabled section lacks what it needs, or a duration is not above zero; the message names the member.</exception>
    public static void ConnectToServicePlatform(
        this EndpointConfiguration endpointConfiguration, ServicePlatformConnectionConfiguration servicePlatformConnectionConfiguration)
    {
        ArgumentNullException.ThrowIfNull(endpointConfiguration);
        ArgumentNullException.ThrowIfNull(servicePlatformConnectionConfiguration);
        var connection = servicePlatformConnectionConfiguration;
        Check(connection);

        if (!string.IsNullOrWhiteSpace(connection.ErrorQueue)) endpointConfiguration.SendFailedMessagesTo(connection.ErrorQueue);
        if (connection.Heartbeats is { Enabled: true } heartbeats)
            endpointConfiguration.SendHeartbeatTo(heartbeats.HeartbeatsQueue!, heartbeats.Frequency, heartbeats.TimeToLive);
        if (connection.CustomChecks is { Enabled: true } checks) endpointConfiguration.ReportCustomChecksTo(checks.CustomChecksQueue!, checks.TimeToLive);
        if (connection.MessageAudit is { Enabled: true } audit) endpointConfiguration.AuditProcessedMessagesTo(audit.AuditQueue!);
        if (connection.SagaAudit is { Enabled: true } sagas)
            endpointConfiguration.AuditSagaStateChanges(sagas.SagaAuditQueue!, sagas.CustomSagaEntitySerialization);
        if (connection.Metrics is { Enabled: true } metrics) Measure(endpointConfiguration, metrics);
    }

    private static void Measure(EndpointConfiguration endpoint, ServicePlatformMetricsConfiguration metrics)
    {
        var options = endpoint.EnableMetrics();
        var instanceId = string.IsNullOrWhiteSpace(metrics.InstanceId) ? null : metrics.InstanceId;
        options.SendMetricDataToServiceControl(metrics.MetricsQueue!, metrics.Interval, instanceId);
        if (metrics.TimeToLive is { } timeToLive) options.SetServiceControlMetricsMessageTTBR(timeToLive);
    }

    private static void Check(ServicePlatformConnectionConfiguration connection)
    {
        if (connection.Heartbeats is { Enabled: true } heartbeats)
        {
            Queue(heartbeats.HeartbeatsQueue, "Heartbeats.HeartbeatsQueue");
            if (heartbeats.Frequency is { } frequency) Positive.CheckInterval(frequency, "Heartbeats.Frequency");
            Lifetime(heartbeats.TimeToLive, "Heartbeats.TimeToLive");
        }

        if (connection.CustomChecks is { Enabled: true } checks)
        {
            Queue(checks.CustomChecksQueue, "CustomChecks.CustomChecksQueue");
            Lifetime(checks.TimeToLive, "CustomChecks.TimeToLive");
        }

        if (connection.MessageAudit is { Enabled: true } audit) Queue(audit.AuditQueue, "MessageAudit.AuditQueue");
        if (connection.SagaAudit is { Enabled: true } sagas) Queue(sagas.SagaAuditQueue, "SagaAudit.SagaAuditQueue");
        if (connection.Metrics is not { Enabled: true } metrics) return;
        Queue(metrics.MetricsQueue, "Metrics.MetricsQueue");
        Positive.CheckInterval(metrics.Interval, "Metrics.Interval");
        Lifetime(metrics.TimeToLive, "Metrics.TimeToLive");
    }

    private static void Queue(string? queue, string name)
    {
        if (string.IsNullOrWhiteSpace(queue)) throw new ArgumentException($"{name}: is missing, though its section is enabled.", name);
    }

    private static void Lifetime(TimeSpan? timeToLive, string name)
    {
        if (timeToLive is { } time) Positive.Check(time, name);
    }
}
