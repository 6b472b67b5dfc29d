using System.Globalization;
using System.Text;

namespace Bank.ServiceBus.ServicePlatform.Tests.Conversations;

/// <summary>Does what the instances of ServiceControl do with what endpoints send, by the description of the protocol alone.</summary>
internal sealed class FakeServiceControl(IPlatformQueues queues, PlatformNames names)
{
    private const string Retry = "ServiceControl.Retry.";

    // What a retry must not carry: it belongs to the failure.
    private static readonly string[] Dropped =
        ["NServiceBus.Retries", "NServiceBus.FailedQ", "NServiceBus.TimeOfFailure", "NServiceBus.ExceptionInfo.", "ServiceControl.EditOf"];

    /// <summary>The endpoints that heartbeats tell of, each with its host.</summary>
    public (string Endpoint, Guid HostId)[] Heartbeats => [.. Control("ServiceControl.Plugin.Heartbeat.Messages.EndpointHeartbeat")
        .Select(message => (message.Json.GetProperty("EndpointName").GetString()!, message.Json.GetProperty("HostId").GetGuid())).Distinct()];

    /// <summary>The endpoints that have registered their start.</summary>
    public (string Endpoint, Guid HostId)[] Started => [.. Control("ServiceControl.Plugin.Heartbeat.Messages.RegisterEndpointStartup")
        .Select(message => (message.Json.GetProperty("Endpoint").GetString()!, message.Json.GetProperty("HostId").GetGuid()))];

    /// <summary>Custom checks and why they failed.</summary>
    public (string Check, string? Failure)[] Checks => [.. Control("ServiceControl.Plugin.CustomChecks.Messages.ReportCustomCheckResult")
        .Select(message => (message.Json.GetProperty("CustomCheckId").GetString()!, message.Json.GetProperty("FailureReason").GetString()))];

    /// <summary>Copies of handled messages.</summary>
    public PlatformMessage[] AuditCopies => [.. queues.In(names.Audit).Where(message => message.Header("NServiceBus.ProcessingEnded") is not null)];

    /// <summary>What became of sagas.</summary>
    public PlatformMessage[] SagaChanges =>
        [.. queues.In(names.Audit).Where(message => message.Type == "ServiceControl.EndpointPlugin.Messages.SagaState.SagaUpdatedMessage")];

    /// <summary>Failed messages: those that can be imported.</summary>
    public PlatformMessage[] Failed => [.. queues.In(names.Error).Where(message => message.Header("NServiceBus.FailedQ") is not null && message.Header("NServiceBus.MessageId") is not null)];

    /// <summary>The unique ids of retries that were acknowledged.</summary>
    public string[] Acknowledged => [.. queues.In(names.Error).Where(message => message.Header(Retry + "Successful") is not null).Select(message => message.Header(Retry + "UniqueMessageId")!)];

    /// <summary>What was measured, of one metric of one endpoint.</summary>
    public (long Ticks, long Value, string Tag)[] Measured(string endpoint, string metric) => [.. queues.In(names.Monitoring)
        .Where(message => message.Type is null && message.Header("NServiceBus.ContentType") == "TaggedLongValueWriterOccurrence")
        .Where(message => message.Header("NServiceBus.OriginatingEndpoint") == endpoint && message.Header("NServiceBus.Metric.Type") == metric)
        .SelectMany(message => RawReport.Read(message.Body))];

    /// <summary>The queue whose length stands for an endpoint.</summary>
    public string? QueueOf(string endpoint) => queues.In(names.Monitoring)
        .FirstOrDefault(message => message.Type == "NServiceBus.Metrics.EndpointMetadataReport" && message.Header("NServiceBus.OriginatingEndpoint") == endpoint)
        ?.Json.GetProperty("LocalAddress").GetString();

    /// <summary>Sends a failed message to where it failed once more.</summary>
    /// <returns>The id by which its acknowledgement will be known.</returns>
    public async Task<string> SendAgain(PlatformMessage failed)
    {
        var unique = failed.Header(Retry + "UniqueMessageId") ?? UniqueIdOf(failed);
        var headers = failed.Headers.Where(header => !Dropped.Any(dropped => header.Key.StartsWith(dropped, StringComparison.Ordinal)))
            .ToDictionary(header => header.Key, header => header.Value);
        headers[Retry + "UniqueMessageId"] = unique;
        headers[Retry + "AcknowledgementQueue"] = names.Error;
        await queues.Send(failed.Header("NServiceBus.FailedQ")!, failed.Header("NServiceBus.MessageId")!, headers, failed.Body);
        return unique;
    }

    public static DateTimeOffset Instant(string text) =>
        DateTimeOffset.ParseExact(text, "yyyy-MM-dd HH:mm:ss:ffffff Z", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static string UniqueIdOf(PlatformMessage failed) => new Guid(System.Security.Cryptography.MD5.HashData(
        Encoding.UTF8.GetBytes(failed.Header("NServiceBus.MessageId") + failed.Header("NServiceBus.ProcessingEndpoint")))).ToString();

    private IEnumerable<PlatformMessage> Control(string type) => queues.In(names.ServiceControl).Where(message => message.Type == type);
}

/// <summary>The queues of a platform; unique, so that tests can share a broker.</summary>
internal sealed record PlatformNames(string ServiceControl, string Audit, string Error, string Monitoring)
{
    public static PlatformNames Unique()
    {
        var suffix = Guid.NewGuid().ToString("N")[..8];
        return new($"Particular.ServiceControl-{suffix}", $"audit-{suffix}", $"error-{suffix}", $"Particular.Monitoring-{suffix}");
    }

    public string[] All => [ServiceControl, Audit, Error, Monitoring];

    /// <summary>The file that ServicePulse offers for this platform.</summary>
    public string ConnectionFile =>
        $$"""
        {
          "ErrorQueue": "{{Error}}",
          "Heartbeats": { "Enabled": true, "HeartbeatsQueue": "{{ServiceControl}}", "Frequency": "00:00:00.2000000", "TimeToLive": "00:10:00" },
          "CustomChecks": { "Enabled": true, "CustomChecksQueue": "{{ServiceControl}}" },
          "MessageAudit": { "Enabled": true, "AuditQueue": "{{Audit}}" },
          "SagaAudit": { "Enabled": true, "SagaAuditQueue": "{{Audit}}" },
          "Metrics": { "Enabled": true, "MetricsQueue": "{{Monitoring}}", "Interval": "00:00:00.2000000" }
        }
        """;
}
