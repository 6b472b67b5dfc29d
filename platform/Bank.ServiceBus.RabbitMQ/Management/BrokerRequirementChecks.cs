namespace Bank.ServiceBus;

/// <summary>What is checked of the broker at start.</summary>
[Flags]
public enum BrokerRequirementChecks
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>That it is RabbitMQ 3.10.0 or later. Asked over AMQP.</summary>
    Version310OrNewer = 1,

    /// <summary>That its feature flag <c>stream_queue</c> is on. Asked of the management API.</summary>
    StreamsEnabled = 2,
}
