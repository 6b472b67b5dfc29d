namespace Bank.ServiceBus.Routing;

/// <summary>Where an outgoing message goes.</summary>
public abstract class RoutingStrategy
{
    private protected RoutingStrategy()
    {
    }
}

/// <summary>To one queue.</summary>
/// <param name="destination">Its address.</param>
public sealed class UnicastRoutingStrategy(string destination) : RoutingStrategy
{
    /// <summary>The address of the queue.</summary>
    public string Destination { get; } = destination;
}

/// <summary>To all who subscribed.</summary>
/// <param name="messageType">The type of the event.</param>
public sealed class MulticastRoutingStrategy(Type messageType) : RoutingStrategy
{
    /// <summary>The type of the event.</summary>
    public Type MessageType { get; } = messageType;
}
