namespace Bank.ServiceBus;

/// <summary>Why a message was sent; travels as text in the header of the same name.</summary>
public enum MessageIntent
{
    /// <summary>To the one endpoint that handles it.</summary>
    Send = 1,

    /// <summary>To all subscribers.</summary>
    Publish = 2,

    /// <summary>Asks for events; only on transports without publish/subscribe of their own.</summary>
    Subscribe = 3,

    /// <summary>Asks for no more events; only on transports without publish/subscribe of their own.</summary>
    Unsubscribe = 4,

    /// <summary>Answers the message being handled.</summary>
    Reply = 5,
}
