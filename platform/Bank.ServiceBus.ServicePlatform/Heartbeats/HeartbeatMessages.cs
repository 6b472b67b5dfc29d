namespace Bank.ServiceBus.Heartbeats;

/// <summary>Says once that an instance has started.</summary>
internal sealed record RegisterEndpointStartup(
    Guid HostId, string Endpoint, DateTime StartedAt, Dictionary<string, string> HostProperties, string HostDisplayName, string Host)
{
    public const string TypeName = "ServiceControl.Plugin.Heartbeat.Messages.RegisterEndpointStartup";
}

/// <summary>Says that an instance is still there.</summary>
internal sealed record EndpointHeartbeat(DateTime ExecutedAt, string EndpointName, Guid HostId, string Host)
{
    public const string TypeName = "ServiceControl.Plugin.Heartbeat.Messages.EndpointHeartbeat";
}
