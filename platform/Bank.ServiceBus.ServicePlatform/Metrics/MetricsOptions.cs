using Bank.ServiceBus.Configuration.AdvancedExtensibility;
using Bank.ServiceBus.Metrics;
using Bank.ServiceBus.Settings;

namespace Bank.ServiceBus;

/// <summary>What happens with metrics.</summary>
/// <param name="settings">The settings of the endpoint.</param>
public class MetricsOptions(SettingsHolder settings) : ExposeSettings(settings)
{
    /// <summary>Calls a function with the probes when the endpoint starts, to register observers.</summary>
    public void RegisterObservers(Action<ProbeContext> register)
    {
        ArgumentNullException.ThrowIfNull(register);
        Settings.GetOrCreate<MetricValues>().Observers.Add(register);
    }
}
