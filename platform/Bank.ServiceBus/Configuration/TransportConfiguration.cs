using System.Reflection;
using Bank.ServiceBus.Configuration.AdvancedExtensibility;
using Bank.ServiceBus.Settings;
using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus;

/// <summary>Chooses the transport.</summary>
public static class TransportConfig
{
    /// <summary>Uses a transport. Required.</summary>
    /// <returns>Where to say which commands go where.</returns>
    public static RoutingSettings<TTransport> UseTransport<TTransport>(this EndpointConfiguration endpointConfiguration, TTransport transportDefinition)
        where TTransport : TransportDefinition
    {
        ArgumentNullException.ThrowIfNull(transportDefinition);
        endpointConfiguration.Values.Transport = transportDefinition;
        return new RoutingSettings<TTransport>(endpointConfiguration.Settings);
    }
}

/// <summary>Which commands go where.</summary>
public class RoutingSettings : ExposeSettings
{
    internal RoutingSettings(SettingsHolder settings)
        : base(settings)
    {
    }

    /// <summary>Sends all commands of an assembly to an endpoint, unless their type has a route of its own.</summary>
    public void RouteToEndpoint(Assembly assembly, string destination)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        ArgumentException.ThrowIfNullOrWhiteSpace(destination);
        Settings.GetOrCreate<EndpointValues>().AssemblyRoutes.Add((assembly, destination));
    }

    /// <summary>Sends messages of a type to an endpoint.</summary>
    public void RouteToEndpoint(Type messageType, string destination)
    {
        ArgumentNullException.ThrowIfNull(messageType);
        ArgumentException.ThrowIfNullOrWhiteSpace(destination);
        Settings.GetOrCreate<EndpointValues>().TypeRoutes.Add((messageType, destination));
    }
}

/// <summary>Which commands go where, on a given transport.</summary>
/// <typeparam name="T">The transport.</typeparam>
/// <param name="settings">The settings of the endpoint.</param>
public class RoutingSettings<T>(SettingsHolder settings) : RoutingSettings(settings) where T : TransportDefinition;
