using Bank.ServiceBus.Configuration.AdvancedExtensibility;
using Bank.ServiceBus.Pipeline;
using Bank.ServiceBus.Settings;

namespace Bank.ServiceBus;

/// <summary>The configuration of one endpoint. Given to <see cref="ServiceCollectionExtensions.AddNServiceBusEndpoint"/>, then no longer changed.</summary>
public class EndpointConfiguration : ExposeSettings
{
    /// <summary>Begins a configuration.</summary>
    /// <param name="endpointName">The logical name; also the name of the queue.</param>
    /// <exception cref="ArgumentException">The name is blank or contains <c>@</c>.</exception>
    public EndpointConfiguration(string endpointName)
        : base(new SettingsHolder())
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(endpointName);
        if (endpointName.Contains('@'))
            throw new ArgumentException($"endpointName: '{endpointName}' contains '@'.", nameof(endpointName));
        EndpointName = endpointName;
        Pipeline = new PipelineSettings(Settings);
    }

    /// <summary>The logical name.</summary>
    public string EndpointName { get; }

    /// <summary>Whether the endpoint only sends.</summary>
    public bool IsSendOnly => Values.SendOnly;

    /// <summary>Steps of its own in the pipeline.</summary>
    public PipelineSettings Pipeline { get; }

    /// <summary>Which types are messages.</summary>
    public ConventionsBuilder Conventions() => new(Settings);

    /// <summary>The endpoint has no queue and receives nothing.</summary>
    public void SendOnly() => Values.SendOnly = true;

    internal EndpointValues Values => Settings.GetOrCreate<EndpointValues>();
}
