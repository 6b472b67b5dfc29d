namespace Bank.ServiceBus;

/// <summary>That something happened.</summary>
/// <param name="messageType">The header with the message's types.</param>
public readonly struct SignalEvent(string messageType)
{
    /// <summary>The header with the message's types; empty when the message had none.</summary>
    public string MessageType { get; } = messageType;
}
