using Bank.ServiceBus.Hosting;
using Bank.ServiceBus.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

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
    /// <param name="endpointIdentifier">
    /// Null for the only endpoint of a host. Of several each has one of its own, which is the key of its <see cref="IMessageSession"/>, a transport of its own,
    /// and names its handlers and sagas instead of scanning for them.
    /// </param>
    /// <exception cref="InvalidOperationException">A mandatory setting is missing, or two settings or endpoints contradict; the message names them.</exception>
    public static void AddNServiceBusEndpoint(
        this IServiceCollection services, EndpointConfiguration endpointConfiguration, object? endpointIdentifier = null)
    {
        ArgumentNullException.ThrowIfNull(endpointConfiguration);
        EndpointChecks.Check(endpointConfiguration.Values);
        var endpoint = new EndpointRegistration(endpointConfiguration, endpointIdentifier);
        endpoint.CheckBeside(services.Select(service => service.ImplementationInstance).OfType<EndpointRegistration>());

        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddScoped<StorageSessionAccessor>();
        endpointConfiguration.Values.Persistence?.AddServices(services, provider => provider.GetRequiredService<StorageSessionAccessor>().Current);
        services.AddSingleton(endpoint);
        services.AddKeyedSingleton(endpoint, (provider, _) => new EndpointHost(
            endpointConfiguration, provider, provider.GetRequiredService<ILoggerFactory>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IHostedService>(Host);
        if (endpointIdentifier is null) services.AddSingleton<IMessageSession>(provider => Host(provider).Session);
        else services.AddKeyedSingleton<IMessageSession>(endpointIdentifier, (provider, _) => Host(provider).Session);

        EndpointHost Host(IServiceProvider provider) => provider.GetRequiredKeyedService<EndpointHost>(endpoint);
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
