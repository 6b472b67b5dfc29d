using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Routing;

/// <summary>The queues of this endpoint, and how those of single instances are named.</summary>
/// <param name="shared">The queue that all instances receive from; null for a send-only endpoint.</param>
/// <param name="instance">The queue of this instance alone; null when it has none.</param>
/// <param name="toAddress">Writes an address as the transport does.</param>
internal sealed class LocalAddresses(string? shared, string? instance, Func<QueueAddress, string> toAddress)
{
    /// <summary>Where answers go when the options do not say; null for a send-only endpoint.</summary>
    public string? ReplyTo => shared;

    /// <exception cref="InvalidOperationException">The endpoint is send-only.</exception>
    public string Shared => shared ?? throw new InvalidOperationException("A send-only endpoint cannot send to itself.");

    /// <exception cref="InvalidOperationException">The instance has no queue of its own.</exception>
    public string Instance =>
        instance ?? throw new InvalidOperationException("MakeInstanceUniquelyAddressable: was not called, so this instance has no queue of its own.");

    /// <summary>The queue of one instance of an endpoint.</summary>
    public string Of(string endpoint, string instanceId) => toAddress(new QueueAddress(endpoint, instanceId));
}
