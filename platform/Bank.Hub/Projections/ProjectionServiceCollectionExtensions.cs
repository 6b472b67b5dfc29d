using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bank.Hub.Projections;

/// <summary>Adds projections to a host.</summary>
public static class ProjectionServiceCollectionExtensions
{
    /// <summary>
    /// Adds what keeps projections: handlers pass events to the <see cref="Projector"/>, and what is heard of replays to <see cref="Rebuilds"/>. Register before the endpoint, so that
    /// the tables are there when it starts, and call <see cref="PrepareProjections"/> before it does.
    /// </summary>
    public static IServiceCollection AddProjections<TAsker>(
        this IServiceCollection services, ProjectionDatabase database, ProjectionCatalog catalog, ProjectionOptions? options = null)
        where TAsker : class, IReplayAsker
    {
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(database);
        services.AddSingleton(catalog);
        services.AddSingleton(options ?? new ProjectionOptions());
        services.AddSingleton<IReplayAsker, TAsker>();
        services.AddSingleton<FillSignal>();
        services.AddSingleton<ProjectionPreparation>();
        services.AddSingleton<ProjectionTransaction>();
        services.AddSingleton<ProjectionWriter>();
        services.AddSingleton(provider => new ProjectionMeter(provider.GetRequiredService<IMeterFactory>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new Projector(catalog, provider.GetRequiredService<ProjectionWriter>(), provider.GetRequiredService<ProjectionMeter>()));
        services.AddSingleton(provider => new Rebuilds(
            database, catalog, provider.GetRequiredService<FillSignal>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<Rebuilds>>()));
        services.AddScoped<ProjectionQueries>();
        services.AddSingleton(provider => new ProjectionMonitor(database, catalog, provider.GetRequiredService<ProjectionMeter>()));
        services.AddSingleton<IHostedService, FillService>();
        services.AddSingleton<IHostedService, GapWatch>();
        return services;
    }

    /// <summary>Creates what is missing, and begins to fill what is new.</summary>
    /// <exception cref="InvalidOperationException">The database is ahead of the program, or a declaration changed without its version.</exception>
    public static Task PrepareProjections(this IServiceProvider services, CancellationToken cancellationToken = default) =>
        services.GetRequiredService<ProjectionPreparation>().Prepare(cancellationToken);
}
