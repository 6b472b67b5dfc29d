using Microsoft.Extensions.Logging;

namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>Removes old outbox records from time to time.</summary>
/// <param name="removeDispatchedBefore">Removes what was dispatched before an instant.</param>
/// <param name="keepFor">How long records stay.</param>
/// <param name="every">The time from one removal to the next.</param>
/// <param name="clock">Says what is old.</param>
/// <param name="logger">Hears of each failure.</param>
/// <param name="criticalError">Hears of failures that go on, again and again as long as they do.</param>
internal sealed class OutboxCleanup(
    Func<DateTimeOffset, CancellationToken, Task> removeDispatchedBefore, TimeSpan keepFor, TimeSpan every, TimeProvider clock, ILogger logger,
    Action<string, Exception, CancellationToken> criticalError)
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
        while (true)
        {
            await Task.Delay(every, clock, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested) return;
            try
            {
                await removeDispatchedBefore(clock.GetUtcNow() - keepFor, stop.Token);
                failures = 0;
            }
            catch (Exception exception)
            {
                // Drivers say in many ways that they were cut off; and a driver may give up, as if cancelled, while nobody stops.
                if (stop.IsCancellationRequested) return;
                logger.LogWarning(exception, "Old outbox records could not be removed.");
                if (++failures < FailuresBeforeAlarm) continue;
                failures = 0;
                criticalError("Old outbox records could not be removed for a long time.", exception, stop.Token);
            }
        }
    }
}
