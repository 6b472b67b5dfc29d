namespace Bank.ServiceBus.Metrics;

/// <summary>Says which queue an endpoint reads.</summary>
internal sealed record EndpointMetadata(int PluginVersion, string LocalAddress)
{
    public const string TypeName = "NServiceBus.Metrics.EndpointMetadataReport";

    /// <summary>What this plug-in sends.</summary>
    public const int CurrentVersion = 3;
}
