namespace Bank.ServiceBus;

/// <summary>The section <c>MessageAudit</c>.</summary>
public class ServicePlatformMessageAuditConfiguration
{
    /// <summary>Whether the section applies.</summary>
    public bool Enabled { get; set; }

    /// <summary>The queue that copies of handled messages go to; required when enabled.</summary>
    public string? AuditQueue { get; set; }
}
