namespace Bank.ServiceBus.ServicePlatform.Tests.Conversations;

/// <summary>The queues of a platform, read from the start, and a way to send.</summary>
internal interface IPlatformQueues : IAsyncDisposable
{
    /// <summary>What has arrived in a queue so far.</summary>
    PlatformMessage[] In(string queue);

    Task Send(string queue, string id, IReadOnlyDictionary<string, string> headers, byte[] body);
}
