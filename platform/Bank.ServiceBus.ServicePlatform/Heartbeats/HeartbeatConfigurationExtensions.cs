using Bank.ServiceBus.Heartbeats;
using Bank.ServiceBus.ServicePlatform;

namespace Bank.ServiceBus;

/// <summary>Heartbeats, by which ServiceControl knows that an endpoint is alive.</summary>
public static class HeartbeatConfigurationExtensions
{
    private static readonly TimeSpan DefaultFrequency = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Tells a ServiceControl instance that the endpoint has started, and again and again that it is still there. A heartbeat that cannot be sent is logged, and disturbs nothing.
    /// </summary>
    /// <param name="config">The endpoint.</param>
    /// <param name="serviceControlQueue">The queue of the error instance.</param>
    /// <param name="frequency">The time between two heartbeats. Default: 10 seconds.</param>
    /// <param name="timeToLive">After how long a heartbeat nobody has read is discarded. Default: four times the frequency.</param>
    /// <exception cref="ArgumentException">The queue is blank or a duration not above zero; the message names it.</exception>
    public static void SendHeartbeatTo(
        this EndpointConfiguration config, string serviceControlQueue, TimeSpan? frequency = default, TimeSpan? timeToLive = default)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentException.ThrowIfNullOrWhiteSpace(serviceControlQueue);
        var interval = Positive.CheckInterval(frequency ?? DefaultFrequency, nameof(frequency));
        var lifetime = Positive.Check(timeToLive ?? interval * 4, nameof(timeToLive));
        config.RunOne(new HeartbeatSender(serviceControlQueue, interval, lifetime));
    }
}
