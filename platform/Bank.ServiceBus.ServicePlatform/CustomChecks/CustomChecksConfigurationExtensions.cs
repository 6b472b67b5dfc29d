using Bank.ServiceBus.CustomChecks;
using Bank.ServiceBus.ServicePlatform;

namespace Bank.ServiceBus;

/// <summary>Custom checks, whose results ServicePulse shows.</summary>
public static class CustomChecksConfigurationExtensions
{
    /// <param name="config">The endpoint.</param>
    extension(EndpointConfiguration config)
    {
        /// <summary>Runs the checks found by scanning or added, each at start and again as it says, and reports what came of them. A report that cannot be sent is logged, and disturbs nothing.</summary>
        /// <param name="serviceControlQueue">The queue of the error instance.</param>
        /// <param name="timeToLive">After how long a report of a repeated check that nobody has read is discarded. Default: four times the interval of the check.</param>
        /// <exception cref="ArgumentException">The queue is blank or the duration not above zero; the message names it.</exception>
        public void ReportCustomChecksTo(string serviceControlQueue, TimeSpan? timeToLive = default)
        {
            ArgumentNullException.ThrowIfNull(config);
            ArgumentException.ThrowIfNullOrWhiteSpace(serviceControlQueue);
            if (timeToLive is { } time) Positive.Check(time, nameof(timeToLive));
            config.RunOne(new CustomCheckRunner(serviceControlQueue, timeToLive, config.Settings.GetOrCreate<CustomCheckValues>().Types));
        }

        /// <summary>Adds a check, found by scanning or not. It runs once <c>ReportCustomChecksTo</c> says where results go.</summary>
        public void AddCustomCheck<TCustomCheck>() where TCustomCheck : class, ICustomCheck
        {
            ArgumentNullException.ThrowIfNull(config);
            config.Settings.GetOrCreate<CustomCheckValues>().Types.Add(typeof(TCustomCheck));
        }
    }
}
