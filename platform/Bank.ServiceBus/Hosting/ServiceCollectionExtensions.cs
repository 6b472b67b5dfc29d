using Bank.ServiceBus.Hosting;
using Bank.ServiceBus.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Bank.ServiceBus;

/// <summary>Adds an endpoint to a host.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Adds an endpoint. It is created, with installers, before the hosted services start; receives from then on in the order of registration; and stops with the host.
    /// <see cref="IMessageSession"/> can be injected, and used once the endpoint has started. Time comes from a registered <see cref="TimeProvider"/>, else from the system.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="endpointConfiguration">The endpoint.</param>
    /// <param name="endpointIdentifier">Reserved for several endpoints in one host; must be null.</param>
    /// <exception cref="InvalidOperationException">A mandatory setting is missing or two settings contradict; the message names them.</exception>
    public static void AddNServiceBusEndpoint(
        this IServiceCollection services, EndpointConfiguration endpointConfiguration, object? endpointIdentifier = null)
    {
        ArgumentNullException.ThrowIfNull(endpointConfiguration);
        if (endpointIdentifier is not null)
            throw new ArgumentException("endpointIdentifier: one endpoint a host is supported.", nameof(endpointIdentifier));
        if (services.Any(service => service.ServiceType == typeof(EndpointHost)))
            throw new InvalidOperationException($"endpointConfiguration: this host has an endpoint already; '{endpointConfiguration.EndpointName}' needs a host of its own.");
        EndpointChecks.Check(endpointConfiguration.Values);

        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddScoped<StorageSessionAccessor>();
        endpointConfiguration.Values.Persistence?.AddServices(services, provider => provider.GetRequiredService<StorageSessionAccessor>().Current);
        services.AddSingleton(endpointConfiguration);
        services.AddSingleton<EndpointHost>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<EndpointHost>());
        services.AddSingleton<IMessageSession>(provider => provider.GetRequiredService<EndpointHost>().Session);
    }

    /// <summary>
    /// Runs the installers of the endpoint, whether they are enabled or not, and does not start it: queues, exchanges and tables are made by a process that may make them,
    /// at deployment, and the endpoint then runs with fewer rights. Afterwards the application stops, unless configured otherwise.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configure">Chooses what follows; null for the default.</param>
    public static void AddNServiceBusInstallers(this IServiceCollection services, Action<InstallersOptions>? configure = null)
    {
        var options = new InstallersOptions();
        configure?.Invoke(options);
        services.AddSingleton(options);
    }
}
