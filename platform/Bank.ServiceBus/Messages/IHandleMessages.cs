namespace Bank.ServiceBus;

/// <summary>Marks a class that handles messages.</summary>
public interface IHandleMessages;

/// <summary>Handles messages of a type and of all types derived from it.</summary>
/// <typeparam name="T">The message type; a class or an interface.</typeparam>
public interface IHandleMessages<T> : IHandleMessages
{
    /// <summary>Handles one message. Throwing means that it is tried again, as recoverability is configured.</summary>
    Task Handle(T message, IMessageHandlerContext context);
}

/// <summary>Handles timeouts that the saga itself has asked for.</summary>
/// <typeparam name="T">The timeout message.</typeparam>
public interface IHandleTimeouts<T>
{
    /// <summary>Handles one timeout.</summary>
    Task Timeout(T state, IMessageHandlerContext context);
}

/// <summary>A saga that a message of this type may start.</summary>
/// <typeparam name="T">The message type.</typeparam>
public interface IAmStartedByMessages<T> : IHandleMessages<T>;
