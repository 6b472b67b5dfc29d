namespace Bank.ServiceBus;

/// <summary>Which conversation a message belongs to.</summary>
public static class ConversationRoutingExtensions
{
    /// <summary>The message begins a conversation of its own; the one of the message being handled is named as the previous one.</summary>
    /// <param name="sendOptions">The options.</param>
    /// <param name="conversationId">The id of the conversation; null for a new one.</param>
    public static void StartNewConversation(this SendOptions sendOptions, string? conversationId = null)
    {
        sendOptions.StartsNewConversation = true;
        sendOptions.NewConversationId = conversationId;
    }
}
