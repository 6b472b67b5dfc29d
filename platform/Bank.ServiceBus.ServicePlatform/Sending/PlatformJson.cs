using System.Text.Json.Serialization;

namespace Bank.ServiceBus.ServicePlatform;

/// <summary>The messages of the platform, written with names as declared and null values present.</summary>
[JsonSerializable(typeof(Heartbeats.RegisterEndpointStartup))]
[JsonSerializable(typeof(Heartbeats.EndpointHeartbeat))]
[JsonSerializable(typeof(CustomChecks.ReportCustomCheckResult))]
[JsonSerializable(typeof(SagaAudit.SagaUpdatedMessage))]
[JsonSerializable(typeof(Metrics.EndpointMetadata))]
internal sealed partial class PlatformJson : JsonSerializerContext;
