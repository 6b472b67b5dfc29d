using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Pipeline;

/// <summary>
/// What no transport could deliver is refused where it is sent. Found out only when it leaves, the outbox would hold it for ever, with everything else
/// that its handler sent.
/// </summary>
internal sealed class DeliveryRules(TransportDefinition transport, TimeProvider clock)
{
    /// <exception cref="InvalidOperationException">The transport cannot deliver a message so.</exception>
    public void Check(DispatchProperties delivery, Type messageType)
    {
        var delay = delivery.DelayDeliveryWith ?? (delivery.DoNotDeliverBefore is { } at ? at - clock.GetUtcNow() : null);
        if (delay is not { } time) return;
        if (!transport.SupportsDelayedDelivery)
            throw new InvalidOperationException($"{messageType.FullName} is to be delayed, and delayed delivery is switched off for this transport.");
        if (time > transport.LongestDelay)
            throw new InvalidOperationException($"{messageType.FullName} is to be delayed by {time}; the longest delay of this transport is {transport.LongestDelay}.");
        if (delivery.DiscardIfNotReceivedBefore is not null)
            throw new InvalidOperationException($"{messageType.FullName} has a time to be received and is to be delayed; only one of the two is possible.");
    }
}
