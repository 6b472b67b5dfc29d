namespace Bank.ServiceBus.CustomChecks;

/// <summary>Says what came of a check.</summary>
internal sealed record ReportCustomCheckResult(
    Guid HostId, string CustomCheckId, string Category, bool HasFailed, string? FailureReason, DateTime ReportedAt, string EndpointName, string Host)
{
    public const string TypeName = "ServiceControl.Plugin.CustomChecks.Messages.ReportCustomCheckResult";
}
