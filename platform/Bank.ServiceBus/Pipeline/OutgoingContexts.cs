using Bank.ServiceBus.Routing;

namespace Bank.ServiceBus.Pipeline;

/// <summary>A message on its way out.</summary>
public interface IOutgoingContext : IPipelineContext, IBehaviorContext
{
    /// <summary>The id of the message.</summary>
    string MessageId { get; }

    /// <summary>The headers.</summary>
    Dictionary<string, string> Headers { get; }
}

/// <summary>A message on its way out, before it is serialized.</summary>
public interface IOutgoingLogicalMessageContext : IOutgoingContext
{
    /// <summary>The message.</summary>
    OutgoingLogicalMessage Message { get; }

    /// <summary>Where it goes.</summary>
    IReadOnlyCollection<RoutingStrategy> RoutingStrategies { get; }

    /// <summary>Replaces the message.</summary>
    void UpdateMessage(object newInstance);
}

/// <summary>A message on its way out, serialized.</summary>
public interface IOutgoingPhysicalMessageContext : IOutgoingContext
{
    /// <summary>The body.</summary>
    ReadOnlyMemory<byte> Body { get; }

    /// <summary>Where it goes.</summary>
    IReadOnlyCollection<RoutingStrategy> RoutingStrategies { get; }

    /// <summary>Replaces the body.</summary>
    void UpdateMessage(ReadOnlyMemory<byte> body);
}

/// <summary>A message to send or publish.</summary>
/// <param name="messageType">The type it is sent as.</param>
/// <param name="instance">The message.</param>
public sealed class OutgoingLogicalMessage(Type messageType, object instance)
{
    /// <summary>The type it is sent as.</summary>
    public Type MessageType { get; } = messageType;

    /// <summary>The message.</summary>
    public object Instance { get; } = instance;
}
