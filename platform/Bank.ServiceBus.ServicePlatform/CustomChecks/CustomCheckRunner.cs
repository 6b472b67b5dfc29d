using Bank.ServiceBus.Hosting;
using Bank.ServiceBus.ServicePlatform;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bank.ServiceBus.CustomChecks;

/// <summary>Makes the checks of an endpoint and runs each on its own.</summary>
internal sealed class CustomCheckRunner(string queue, TimeSpan? timeToLive, IReadOnlyCollection<Type> named) : ICompanion
{
    private readonly BackgroundLoops loops = new();
    private readonly List<ICustomCheck> owned = [];
    private AsyncServiceScope? scope;

    public Task Start(EndpointSurroundings endpoint, CancellationToken cancellationToken)
    {
        var types = endpoint.Types.Where(IsCheck).Concat(named).Distinct().OrderBy(type => type.FullName, StringComparer.Ordinal).ToArray();
        if (types.Length == 0) return Task.CompletedTask;
        var services = (scope = endpoint.Services.CreateAsyncScope()).Value.ServiceProvider;
        ICustomCheck[] checks = [.. types.Select(type => Make(type, services))];
        foreach (var check in checks)
        {
            if (check.Interval is { } interval) Positive.CheckInterval(interval, $"{check.GetType().FullName}.Interval");
        }

        var to = new PlatformQueue(queue, endpoint);
        var logger = endpoint.Loggers.CreateLogger<CustomCheckRunner>();
        foreach (var check in checks) loops.Run(new CustomCheckLoop(check, to, timeToLive, endpoint, logger).Run);
        return Task.CompletedTask;
    }

    public async Task Stop(CancellationToken cancellationToken)
    {
        await loops.Stop(cancellationToken);
        foreach (var check in owned)
        {
            if (check is IAsyncDisposable disposable) await disposable.DisposeAsync();
            else (check as IDisposable)?.Dispose();
        }

        if (scope is { } made) await made.DisposeAsync();
    }

    private static bool IsCheck(Type type) => type is { IsClass: true, IsAbstract: false, IsGenericTypeDefinition: false } && typeof(ICustomCheck).IsAssignableFrom(type);

    private ICustomCheck Make(Type type, IServiceProvider services)
    {
        if (services.GetService(type) is ICustomCheck registered) return registered;
        var check = (ICustomCheck)ActivatorUtilities.CreateInstance(services, type);
        owned.Add(check);
        return check;
    }
}
