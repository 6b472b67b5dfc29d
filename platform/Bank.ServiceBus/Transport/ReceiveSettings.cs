namespace Bank.ServiceBus.Transport;

/// <summary>One queue to receive from.</summary>
/// <param name="Id">Names the receiver within its endpoint.</param>
/// <param name="ReceiveAddress">The queue.</param>
/// <param name="UsePublishSubscribe">Whether subscriptions lead to this queue.</param>
/// <param name="PurgeOnStartup">Whether to empty the queue before receiving.</param>
/// <param name="ErrorQueue">Where a message goes that cannot even be read.</param>
public sealed record ReceiveSettings(
    string Id, QueueAddress ReceiveAddress, bool UsePublishSubscribe, bool PurgeOnStartup, string ErrorQueue);
