using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus;

/// <summary>Immediate retries, then delayed ones with growing delays, then the error queue.</summary>
public static class DefaultRecoverabilityPolicy
{
    private static readonly TimeSpan LongestSeries = TimeSpan.FromHours(24);

    /// <summary>Decides what becomes of a message whose handling failed.</summary>
    public static RecoverabilityAction Invoke(RecoverabilityConfig config, ErrorContext errorContext) =>
        Invoke(config, errorContext, TimeProvider.System);

    internal static RecoverabilityAction Invoke(RecoverabilityConfig config, ErrorContext error, TimeProvider clock)
    {
        foreach (var type in config.Failed.UnrecoverableExceptionTypes)
        {
            if (type.IsInstanceOfType(error.Exception)) return RecoverabilityAction.MoveToError(config.Failed.ErrorQueue);
        }

        if (error.ImmediateProcessingFailures <= config.Immediate.MaxNumberOfRetries) return RecoverabilityAction.ImmediateRetry();
        if (error.DelayedDeliveriesPerformed >= config.Delayed.MaxNumberOfRetries || SeriesIsOver(error, clock))
            return RecoverabilityAction.MoveToError(config.Failed.ErrorQueue);
        return RecoverabilityAction.DelayedRetry(config.Delayed.TimeIncrease * (error.DelayedDeliveriesPerformed + 1));
    }

    private static bool SeriesIsOver(ErrorContext error, TimeProvider clock) =>
        error.Headers.TryGetValue(Headers.DelayedRetriesTimestamp, out var text)
        && DateTimeOffsetHelper.TryRead(text, out var last) && clock.GetUtcNow() - last > LongestSeries;
}
