using Bank.ServiceBus.Extensibility;

namespace Bank.ServiceBus;

/// <summary>Options of a send.</summary>
public class SendOptions : ExtendableOptions
{
    internal bool ToThisEndpoint { get; set; }

    internal bool ToThisInstance { get; set; }

    internal string? SpecificInstance { get; set; }

    internal bool StartsNewConversation { get; set; }

    internal string? NewConversationId { get; set; }
}

/// <summary>Options of a publish.</summary>
public class PublishOptions : ExtendableOptions;

/// <summary>Options of a reply.</summary>
public class ReplyOptions : ExtendableOptions
{
    internal bool ToOriginator { get; init; }
}

/// <summary>Options of a subscription.</summary>
public class SubscribeOptions : ExtendableOptions;

/// <summary>Options of the end of a subscription.</summary>
public class UnsubscribeOptions : ExtendableOptions;
