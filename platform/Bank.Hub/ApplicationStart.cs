using Microsoft.Extensions.Hosting;

namespace Bank.Hub;

/// <summary>Nothing is sent before the endpoint has started.</summary>
internal static class ApplicationStart
{
    /// <returns>False when the application stops before it has started.</returns>
    public static async Task<bool> HasStarted(this IHostApplicationLifetime lifetime, CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await using var stopped = stoppingToken.Register(() => started.TrySetCanceled());
        await started.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !stoppingToken.IsCancellationRequested;
    }
}
