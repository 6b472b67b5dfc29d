using Bank.ServiceBus.Configuration.AdvancedExtensibility;
using Bank.ServiceBus.Settings;
using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus;

/// <summary>What happens to messages whose handling fails.</summary>
public static class RecoverabilityEndpointConfigurationExtensions
{
    /// <summary>What happens to messages whose handling fails.</summary>
    public static RecoverabilitySettings Recoverability(this EndpointConfiguration configuration) => new(configuration.Settings);
}

/// <summary>What happens to messages whose handling fails: tried again at once, then later, then sent to the error queue.</summary>
public class RecoverabilitySettings : ExposeSettings
{
    internal RecoverabilitySettings(SettingsHolder settings)
        : base(settings)
    {
    }

    /// <summary>Sends a message to the error queue at once when its handling throws such an exception or one derived from it.</summary>
    public RecoverabilitySettings AddUnrecoverableException(Type exceptionType)
    {
        ArgumentNullException.ThrowIfNull(exceptionType);
        if (!typeof(Exception).IsAssignableFrom(exceptionType))
            throw new ArgumentException($"exceptionType: {exceptionType.FullName} is not an exception.", nameof(exceptionType));
        Settings.GetOrCreate<EndpointValues>().Recoverability.Unrecoverable.Add(exceptionType);
        return this;
    }

    /// <summary>Sends a message to the error queue at once when its handling throws such an exception or one derived from it.</summary>
    public RecoverabilitySettings AddUnrecoverableException<T>() where T : Exception => AddUnrecoverableException(typeof(T));

    /// <summary>Decides by a function instead; <see cref="DefaultRecoverabilityPolicy"/> is the default one.</summary>
    public RecoverabilitySettings CustomPolicy(Func<RecoverabilityConfig, ErrorContext, RecoverabilityAction> custom)
    {
        Settings.GetOrCreate<EndpointValues>().Recoverability.Policy = custom ?? throw new ArgumentNullException(nameof(custom));
        return this;
    }

    /// <summary>Retries at once.</summary>
    public RecoverabilitySettings Immediate(Action<ImmediateRetriesSettings> customizations)
    {
        ArgumentNullException.ThrowIfNull(customizations);
        customizations(new ImmediateRetriesSettings(Settings));
        return this;
    }

    /// <summary>Retries later.</summary>
    public RecoverabilitySettings Delayed(Action<DelayedRetriesSettings> customizations)
    {
        ArgumentNullException.ThrowIfNull(customizations);
        customizations(new DelayedRetriesSettings(Settings));
        return this;
    }

    /// <summary>Holds back while message after message fails, as when a database is away: retries would only add to the trouble and fill the error queue.</summary>
    /// <param name="numberOfConsecutiveFailures">After how many failures without a success between them; at least 1.</param>
    /// <param name="rateLimitSettings">How.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public RecoverabilitySettings OnConsecutiveFailures(int numberOfConsecutiveFailures, RateLimitSettings rateLimitSettings)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(numberOfConsecutiveFailures, 1);
        ArgumentNullException.ThrowIfNull(rateLimitSettings);
        var values = Settings.GetOrCreate<EndpointValues>().Recoverability;
        (values.FailuresBeforeRateLimit, values.RateLimit) = (numberOfConsecutiveFailures, rateLimitSettings);
        return this;
    }

    /// <summary>What is sent to the error queue.</summary>
    public RecoverabilitySettings Failed(Action<RetryFailedSettings> customizations)
    {
        ArgumentNullException.ThrowIfNull(customizations);
        customizations(new RetryFailedSettings(Settings));
        return this;
    }
}

/// <summary>Retries at once.</summary>
public class ImmediateRetriesSettings : ExposeSettings
{
    internal ImmediateRetriesSettings(SettingsHolder settings)
        : base(settings)
    {
    }

    /// <summary>How often; 0 for never. Default: 5.</summary>
    public void NumberOfRetries(int numberOfRetries)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(numberOfRetries);
        Settings.GetOrCreate<EndpointValues>().Recoverability.ImmediateRetries = numberOfRetries;
    }
}

/// <summary>Retries later.</summary>
public class DelayedRetriesSettings : ExposeSettings
{
    internal DelayedRetriesSettings(SettingsHolder settings)
        : base(settings)
    {
    }

    /// <summary>How often; 0 for never. Default: 3.</summary>
    public DelayedRetriesSettings NumberOfRetries(int numberOfRetries)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(numberOfRetries);
        Settings.GetOrCreate<EndpointValues>().Recoverability.DelayedRetries = numberOfRetries;
        return this;
    }

    /// <summary>How much longer each delay is than the one before. Default: 10 seconds.</summary>
    public DelayedRetriesSettings TimeIncrease(TimeSpan timeIncrease)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeIncrease, TimeSpan.Zero);
        Settings.GetOrCreate<EndpointValues>().Recoverability.TimeIncrease = timeIncrease;
        return this;
    }
}

/// <summary>What is sent to the error queue.</summary>
public class RetryFailedSettings : ExposeSettings
{
    internal RetryFailedSettings(SettingsHolder settings)
        : base(settings)
    {
    }

    /// <summary>Changes the headers that describe the failure before they are added. Called for delayed retries too, which do not carry them.</summary>
    public RetryFailedSettings HeaderCustomization(Action<Dictionary<string, string>> customization)
    {
        Settings.GetOrCreate<EndpointValues>().Recoverability.HeaderCustomization = customization ?? throw new ArgumentNullException(nameof(customization));
        return this;
    }
}
