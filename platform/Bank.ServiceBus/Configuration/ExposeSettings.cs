using Bank.ServiceBus.Settings;

namespace Bank.ServiceBus.Configuration.AdvancedExtensibility;

/// <summary>A configuration object that keeps its values in the settings of the endpoint.</summary>
public abstract class ExposeSettings
{
    /// <summary>Makes a configuration object over settings.</summary>
    protected ExposeSettings(SettingsHolder settings) => Settings = settings;

    internal SettingsHolder Settings { get; }
}
