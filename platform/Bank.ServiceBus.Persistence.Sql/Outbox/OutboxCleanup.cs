using Microsoft.Extensions.Logging;

namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>Removes old outbox records from time to time.</summary>
internal sealed class OutboxCleanup(
    SqlOutboxStorage storage, TimeSpan keepFor, TimeSpan every, TimeProvider clock, ILogger logger, Action<string, Exception, CancellationToken> criticalError)
{
    private const int FailuresBeforeAlarm = 10;

    private readonly CancellationTokenSource stop = new();
    private Task loop = Task.CompletedTask;

    public void Start() => loop = Task.Run(Run);

    public async Task Stop()
    {
        await stop.CancelAsync();
        await loop;
    }

    private async Task Run()
    {
        var failures = 0;
        try
        {
            while (true)
            {
                await Task.Delay(every, clock, stop.Token);
                try
                {
                    await storage.RemoveDispatchedBefore(clock.GetUtcNow() - keepFor, stop.Token);
                    failures = 0;
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    logger.LogWarning(exception, "Old outbox records could not be removed.");
                    if (++failures == FailuresBeforeAlarm) criticalError("Old outbox records could not be removed for a long time.", exception, stop.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }
}
