namespace Bank.ServiceBus.Unicast.Messages;

/// <summary>What is known about a message type.</summary>
public sealed class MessageMetadata
{
    internal MessageMetadata(Type messageType, Type[] messageHierarchy)
    {
        MessageType = messageType;
        MessageHierarchy = messageHierarchy;
        EnclosedMessageTypes = string.Join(';', messageHierarchy.Select(type => type.AssemblyQualifiedName));
    }

    /// <summary>The type.</summary>
    public Type MessageType { get; }

    /// <summary>The type and those of its parents that are messages, most derived first.</summary>
    public Type[] MessageHierarchy { get; }

    internal string EnclosedMessageTypes { get; }

    /// <summary>How long messages of the type are worth receiving; null for ever.</summary>
    internal TimeSpan? TimeToBeReceived { get; init; }
}
