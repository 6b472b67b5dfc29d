using System.Globalization;
using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Outbox;

/// <summary>Outgoing operations as the outbox stores them, and back.</summary>
internal static class OutboxOperations
{
    private const string Destination = "Destination";
    private const string EventType = "EventType";
    private const string DelayDeliveryFor = "DelayDeliveryFor";
    private const string DeliverAt = "DeliverAt";
    private const string TimeToBeReceived = "TimeToBeReceived";

    public static OutboxOperation Store(TransportOperation operation)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        switch (operation.Destination)
        {
            case UnicastDestination unicast:
                options[Destination] = unicast.Address;
                break;
            case MulticastDestination multicast:
                options[EventType] = multicast.MessageType.AssemblyQualifiedName!;
                break;
        }

        if (operation.Properties.DelayDeliveryWith is { } delay) options[DelayDeliveryFor] = delay.ToString("c", CultureInfo.InvariantCulture);
        if (operation.Properties.DoNotDeliverBefore is { } at) options[DeliverAt] = DateTimeOffsetHelper.ToWireFormattedString(at);
        if (operation.Properties.DiscardIfNotReceivedBefore is { } ttl) options[TimeToBeReceived] = ttl.ToString("c", CultureInfo.InvariantCulture);
        return new OutboxOperation(operation.Message.MessageId, options, operation.Message.Body, operation.Message.Headers);
    }

    public static TransportOperation Restore(OutboxOperation stored)
    {
        var message = new OutgoingMessage(stored.MessageId, new Dictionary<string, string>(stored.Headers), stored.Body);
        return new TransportOperation(message, DestinationOf(stored), new DispatchProperties
        {
            DelayDeliveryWith = stored.Options.TryGetValue(DelayDeliveryFor, out var delay) ? TimeSpan.ParseExact(delay, "c", CultureInfo.InvariantCulture) : null,
            DoNotDeliverBefore = stored.Options.TryGetValue(DeliverAt, out var at) ? DateTimeOffsetHelper.ToDateTimeOffset(at) : null,
            DiscardIfNotReceivedBefore = stored.Options.TryGetValue(TimeToBeReceived, out var ttl) ? TimeSpan.ParseExact(ttl, "c", CultureInfo.InvariantCulture) : null,
        });
    }

    private static OperationDestination DestinationOf(OutboxOperation stored)
    {
        if (stored.Options.TryGetValue(Destination, out var address)) return new UnicastDestination(address);
        if (stored.Options.TryGetValue(EventType, out var type))
            return new MulticastDestination(Type.GetType(type, throwOnError: true)!);
        throw new InvalidOperationException($"The stored operation '{stored.MessageId}' names neither {Destination} nor {EventType}.");
    }
}
