namespace Bank.ServiceBus.Transport;

/// <summary>Messages to send or publish together.</summary>
public sealed class TransportOperations(params IReadOnlyList<TransportOperation> operations)
{
    /// <summary>The operations, in the order in which they were asked for.</summary>
    public IReadOnlyList<TransportOperation> Operations { get; } = operations;
}

/// <summary>One message on its way out, as whoever changes its native form sees it.</summary>
public interface IOutgoingTransportOperation
{
    /// <summary>The message.</summary>
    OutgoingMessage Message { get; }

    /// <summary>When it is due and how long it lives.</summary>
    DispatchProperties Properties { get; }

    /// <summary>Whether it goes out with the batch of the handler or at once.</summary>
    DispatchConsistency RequiredDispatchConsistency { get; }
}

/// <summary>One message and where it goes.</summary>
/// <param name="Message">The message.</param>
/// <param name="Destination">Where it goes.</param>
/// <param name="Properties">When it is due and how long it lives.</param>
/// <param name="RequiredDispatchConsistency">Whether it goes out with the batch of the handler or at once.</param>
public sealed record TransportOperation(
    OutgoingMessage Message,
    OperationDestination Destination,
    DispatchProperties Properties,
    DispatchConsistency RequiredDispatchConsistency = DispatchConsistency.Default) : IOutgoingTransportOperation;

/// <summary>Where a message goes.</summary>
public abstract record OperationDestination;

/// <summary>To one queue.</summary>
/// <param name="Address">The address of the queue.</param>
public sealed record UnicastDestination(string Address) : OperationDestination;

/// <summary>To all who subscribed to the type or to one of the types it derives from.</summary>
/// <param name="MessageType">The type of the event.</param>
public sealed record MulticastDestination(Type MessageType) : OperationDestination;

/// <summary>When a message goes out.</summary>
public enum DispatchConsistency
{
    /// <summary>With everything else that the handler sends, after the handler succeeded.</summary>
    Default = 1,

    /// <summary>At once, whatever becomes of the handler.</summary>
    Isolated = 2,
}

/// <summary>When a message is due and how long it lives. At most one of the two delays is set; none for published events.</summary>
public sealed record DispatchProperties
{
    /// <summary>Deliver after this long; null for no delay.</summary>
    public TimeSpan? DelayDeliveryWith { get; init; }

    /// <summary>Deliver not before this instant; null for no delay.</summary>
    public DateTimeOffset? DoNotDeliverBefore { get; init; }

    /// <summary>Discard when not received within this long; null for never.</summary>
    public TimeSpan? DiscardIfNotReceivedBefore { get; init; }

    /// <summary>No delay and no end.</summary>
    public static DispatchProperties None { get; } = new();
}
