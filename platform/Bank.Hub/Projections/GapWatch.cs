using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bank.Hub.Projections;

/// <summary>Counts the missing events again and again for the metrics, which cannot ask the database themselves; not while nobody collects them.</summary>
internal sealed class GapWatch(ProjectionMonitor monitor, ProjectionMeter meter, ProjectionOptions options, TimeProvider clock, ILogger<GapWatch> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(options.CountGapsEvery, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!meter.TellsMissing || stoppingToken.IsCancellationRequested) continue;
            try
            {
                await monitor.Read(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(exception, "The missing events could not be counted; the next try is in {Pause}.", options.CountGapsEvery);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
