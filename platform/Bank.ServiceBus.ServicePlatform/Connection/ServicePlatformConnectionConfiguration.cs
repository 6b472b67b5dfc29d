using Bank.ServiceBus.ServicePlatform;

namespace Bank.ServiceBus;

/// <summary>How an endpoint is connected to ServiceControl: the file that ServicePulse offers under Configuration, Endpoint Connection.</summary>
public class ServicePlatformConnectionConfiguration
{
    /// <summary>The error queue. Null: as the endpoint says.</summary>
    public string? ErrorQueue { get; set; }

    /// <summary>Heartbeats; null for none.</summary>
    public ServicePlatformHeartbeatConfiguration? Heartbeats { get; set; }

    /// <summary>Custom checks; null for none.</summary>
    public ServicePlatformCustomChecksConfiguration? CustomChecks { get; set; }

    /// <summary>Copies of handled messages; null for as the endpoint says.</summary>
    public ServicePlatformMessageAuditConfiguration? MessageAudit { get; set; }

    /// <summary>Reports about sagas; null for none.</summary>
    public ServicePlatformSagaAuditConfiguration? SagaAudit { get; set; }

    /// <summary>Metrics; null for none.</summary>
    public ServicePlatformMetricsConfiguration? Metrics { get; set; }

    /// <summary>Reads the file. Names count in any case, durations are of the form <c>00:00:10</c>, and members that nobody knows are left alone.</summary>
    /// <param name="jsonConfiguration">The text of the file.</param>
    /// <exception cref="ArgumentException">The text is no JSON object, or a member holds something else than it should; the message names it.</exception>
    public static ServicePlatformConnectionConfiguration Parse(string jsonConfiguration) => ConnectionFile.Read(jsonConfiguration);
}
