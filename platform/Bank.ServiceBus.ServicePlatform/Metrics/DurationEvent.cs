namespace Bank.ServiceBus;

/// <summary>How long something took.</summary>
/// <param name="duration">How long.</param>
/// <param name="messageType">The header with the message's types.</param>
public readonly struct DurationEvent(TimeSpan duration, string messageType)
{
    /// <summary>How long.</summary>
    public TimeSpan Duration { get; } = duration;

    /// <summary>The header with the message's types; empty when the message had none.</summary>
    public string MessageType { get; } = messageType;
}
