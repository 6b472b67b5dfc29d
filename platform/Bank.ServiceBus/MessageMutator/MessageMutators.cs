namespace Bank.ServiceBus.MessageMutator;

/// <summary>Changes received messages, or replaces them, before their handlers run.</summary>
public interface IMutateIncomingMessages
{
    /// <summary>Changes one message.</summary>
    Task MutateIncoming(MutateIncomingMessageContext context);
}

/// <summary>Changes the bodies and headers of received messages before they are deserialized.</summary>
public interface IMutateIncomingTransportMessages
{
    /// <summary>Changes one message.</summary>
    Task MutateIncoming(MutateIncomingTransportMessageContext context);
}

/// <summary>Changes messages that are sent, or replaces them, before they are serialized.</summary>
public interface IMutateOutgoingMessages
{
    /// <summary>Changes one message.</summary>
    Task MutateOutgoing(MutateOutgoingMessageContext context);
}

/// <summary>Changes the bodies and headers of messages that are sent, after they were serialized.</summary>
public interface IMutateOutgoingTransportMessages
{
    /// <summary>Changes one message.</summary>
    Task MutateOutgoing(MutateOutgoingTransportMessageContext context);
}

/// <summary>Registers mutators.</summary>
public static class MutatorRegistrationExtensions
{
    /// <summary>
    /// Adds a mutator, for each of the four kinds that it implements. It is shared by all messages and called for many at a time.
    /// Mutators that the container has run before those registered here.
    /// </summary>
    /// <exception cref="ArgumentException">The object is no mutator.</exception>
    public static void RegisterMessageMutator(this EndpointConfiguration endpointConfiguration, object messageMutator)
    {
        ArgumentNullException.ThrowIfNull(messageMutator);
        if (messageMutator is not (IMutateIncomingMessages or IMutateIncomingTransportMessages or IMutateOutgoingMessages or IMutateOutgoingTransportMessages))
            throw new ArgumentException($"messageMutator: {messageMutator.GetType().FullName} implements none of the interfaces of a mutator.", nameof(messageMutator));
        endpointConfiguration.Values.Mutators.Add(messageMutator);
    }
}
