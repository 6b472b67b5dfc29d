using Bank.StreamStore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Bank.Hub.Replays;

/// <summary>Adds replays to a hub.</summary>
public static class ReplayServiceCollectionExtensions
{
    /// <summary>
    /// Answers requests that a handler passes to the <see cref="ReplayDesk"/>. Needs a hub, and an <see cref="IReplayStorage"/> prepared before the endpoint starts;
    /// the endpoint's pipeline needs <see cref="ReplayedEventsLookPublished"/>.
    /// </summary>
    public static IServiceCollection AddReplays<TAnnouncer>(this IServiceCollection services, ReplayOptions? options = null)
        where TAnnouncer : class, IReplayAnnouncer
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options ?? new ReplayOptions());
        services.AddSingleton<ReplaySignal>();
        services.AddSingleton<ReplaySender>();
        services.AddSingleton<IReplayAnnouncer, TAnnouncer>();
        services.AddSingleton(provider => new ReplayDesk(
            provider.GetRequiredService<IStreamStore>(), provider.GetRequiredService<IReplayStorage>(), provider.GetRequiredService<IContractMapper>(),
            provider.GetRequiredService<IReplayAnnouncer>(), provider.GetRequiredService<ReplaySignal>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IHostedService, ReplayService>();
        return services;
    }
}
