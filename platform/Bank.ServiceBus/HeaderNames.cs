namespace Bank.ServiceBus;

/// <summary>Names of headers that endpoints do not use themselves.</summary>
internal static class HeaderNames
{
    public const string Version = "NServiceBus.Version";
    public const string OriginatingMachine = "NServiceBus.OriginatingMachine";
    public const string OriginatingHostId = "$.diagnostics.originating.hostid";
    public const string HostId = "$.diagnostics.hostid";
    public const string HostDisplayName = "$.diagnostics.hostdisplayname";
    public const string DeliverAt = "NServiceBus.DeliverAt";
    public const string TimeToBeReceived = "NServiceBus.TimeToBeReceived";
    public const string ControlMessage = "NServiceBus.ControlMessage";
    public const string StartNewTrace = "NServiceBus.OpenTelemetry.StartNewTrace";
    public const string TraceState = "tracestate";
    public const string Baggage = "baggage";
    public const string ProcessingStarted = "NServiceBus.ProcessingStarted";
    public const string ProcessingEnded = "NServiceBus.ProcessingEnded";
    public const string ProcessingEndpoint = "NServiceBus.ProcessingEndpoint";
    public const string ProcessingMachine = "NServiceBus.ProcessingMachine";
    public const string FailedQueue = "NServiceBus.FailedQ";
    public const string TimeOfFailure = "NServiceBus.TimeOfFailure";
    public const string ExceptionInfo = "NServiceBus.ExceptionInfo.";
    public const string ImmediateRetriesOfOldVersions = "NServiceBus.FLRetries";
    public const string RetryUniqueMessageId = "ServiceControl.Retry.UniqueMessageId";
    public const string RetryAcknowledgementQueue = "ServiceControl.Retry.AcknowledgementQueue";
    public const string RetryAcknowledgementSent = "ServiceControl.Retry.AcknowledgementSent";
    public const string RetrySuccessful = "ServiceControl.Retry.Successful";
}
