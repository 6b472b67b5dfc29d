namespace Bank.ServiceBus;

/// <summary>The retries that were configured.</summary>
/// <param name="immediateConfig">At once.</param>
/// <param name="delayedConfig">Later.</param>
/// <param name="failedConfig">After the last one.</param>
public class RecoverabilityConfig(ImmediateConfig immediateConfig, DelayedConfig delayedConfig, FailedConfig failedConfig)
{
    /// <summary>Retries at once.</summary>
    public ImmediateConfig Immediate { get; } = immediateConfig;

    /// <summary>Retries later.</summary>
    public DelayedConfig Delayed { get; } = delayedConfig;

    /// <summary>After the last retry.</summary>
    public FailedConfig Failed { get; } = failedConfig;
}

/// <summary>Retries at once.</summary>
/// <param name="maxNumberOfRetries">How often.</param>
public class ImmediateConfig(int maxNumberOfRetries)
{
    /// <summary>How often.</summary>
    public int MaxNumberOfRetries { get; } = maxNumberOfRetries;
}

/// <summary>Retries later.</summary>
/// <param name="maxNumberOfRetries">How often.</param>
/// <param name="timeIncrease">How much longer each delay is than the one before.</param>
public class DelayedConfig(int maxNumberOfRetries, TimeSpan timeIncrease)
{
    /// <summary>How often.</summary>
    public int MaxNumberOfRetries { get; } = maxNumberOfRetries;

    /// <summary>How much longer each delay is than the one before.</summary>
    public TimeSpan TimeIncrease { get; } = timeIncrease;
}

/// <summary>After the last retry.</summary>
/// <param name="errorQueue">Where the message goes.</param>
/// <param name="unrecoverableExceptionTypes">Exceptions after which it goes there at once.</param>
public class FailedConfig(string errorQueue, HashSet<Type> unrecoverableExceptionTypes)
{
    /// <summary>Where the message goes.</summary>
    public string ErrorQueue { get; } = errorQueue;

    /// <summary>Exceptions after which it goes there at once.</summary>
    public HashSet<Type> UnrecoverableExceptionTypes { get; } = unrecoverableExceptionTypes;
}
