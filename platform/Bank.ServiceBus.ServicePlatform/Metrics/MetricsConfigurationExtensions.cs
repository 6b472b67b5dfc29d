using Bank.ServiceBus.Metrics;
using Bank.ServiceBus.ServicePlatform;

namespace Bank.ServiceBus;

/// <summary>Metrics of message handling.</summary>
public static class MetricsConfigurationExtensions
{
    /// <summary>Measures how messages are handled. Not for send-only endpoints, which then do not start.</summary>
    public static MetricsOptions EnableMetrics(this EndpointConfiguration endpointConfiguration)
    {
        ArgumentNullException.ThrowIfNull(endpointConfiguration);
        if (!endpointConfiguration.Settings.TryGet<MetricValues>(out _))
        {
            var values = endpointConfiguration.Settings.GetOrCreate<MetricValues>();
            endpointConfiguration.Values.Observer = values.Probes;
            endpointConfiguration.RunOne(new MetricsReporter(values));
            endpointConfiguration.Pipeline.Register(new NameSendingInstance(values), "Tells which instance sent a message.");
        }

        return new MetricsOptions(endpointConfiguration.Settings);
    }
}
