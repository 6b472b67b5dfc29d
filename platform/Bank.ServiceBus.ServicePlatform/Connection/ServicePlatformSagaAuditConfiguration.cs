namespace Bank.ServiceBus;

/// <summary>The section <c>SagaAudit</c>.</summary>
public class ServicePlatformSagaAuditConfiguration
{
    /// <summary>Whether the section applies.</summary>
    public bool Enabled { get; set; }

    /// <summary>The queue that reports about sagas go to; required when enabled.</summary>
    public string? SagaAuditQueue { get; set; }

    /// <summary>Turns the data of a saga into what may be shown; set by code only. Null: all of it, as JSON.</summary>
    public Func<object, Dictionary<string, string>>? CustomSagaEntitySerialization { get; set; }
}
