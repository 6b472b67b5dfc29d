using Bank.ServiceBus.Hosting;

namespace Bank.ServiceBus.Metrics;

/// <summary>Headers of metrics messages.</summary>
internal static class MetricHeaders
{
    public const string InstanceId = "NServiceBus.Metric.InstanceId";
    public const string Type = "NServiceBus.Metric.Type";

    public static Dictionary<string, string> For(HostInformation host, string? instanceId, string contentType)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Headers.OriginatingEndpoint] = host.EndpointName,
            [HeaderNames.OriginatingMachine] = host.MachineName,
            [HeaderNames.OriginatingHostId] = host.HostId,
            [HeaderNames.HostDisplayName] = host.DisplayName,
            [Headers.ContentType] = contentType,
        };
        if (instanceId is not null) headers[InstanceId] = instanceId;
        return headers;
    }
}
