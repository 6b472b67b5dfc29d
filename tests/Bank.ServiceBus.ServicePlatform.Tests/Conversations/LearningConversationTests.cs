namespace Bank.ServiceBus.ServicePlatform.Tests.Conversations;

public sealed class LearningConversationTests : PlatformConversation, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("platform-").FullName;

    internal override async Task<IPlatformQueues> Open(params string[] queues) => await FileQueues.Open(folder, queues);

    private protected override void UseTransport(EndpointConfiguration configuration) => configuration.UseTransport(new LearningTransport { StorageDirectory = folder });

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
