using Bank.StreamStore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Bank.Hub;

/// <summary>Adds a hub to a host.</summary>
public static class HubServiceCollectionExtensions
{
    /// <summary>
    /// Publishes what the registered <see cref="IStreamStore"/> holds, mapped by <typeparamref name="TMapper"/>, through the registered message session.
    /// Needs an <see cref="IHubStorage"/>. Register after the endpoint, so that it stops before the endpoint does.
    /// </summary>
    public static IServiceCollection AddHub<TMapper>(this IServiceCollection services, HubOptions? options = null)
        where TMapper : class, IContractMapper
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options ?? new HubOptions());
        services.AddSingleton<HubState>();
        services.AddSingleton<IContractMapper, TMapper>();
        services.AddSingleton<IHostedService, EventPublisher>();
        return services;
    }
}
