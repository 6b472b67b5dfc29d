using System.Collections.Concurrent;
using Bank.ServiceBus.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bank.ServiceBus.ServicePlatform.Tests.Conversations;

/// <summary>The platform on the file transport.</summary>
internal sealed class FileQueues : IPlatformQueues
{
    private readonly ConcurrentQueue<(string Queue, PlatformMessage Message)> received = new();
    private readonly TransportInfrastructure infrastructure;

    private FileQueues(TransportInfrastructure infrastructure) => this.infrastructure = infrastructure;

    public static async Task<FileQueues> Open(string folder, params string[] queues)
    {
        var transport = new LearningTransport { StorageDirectory = folder };
        var host = new HostSettings("platform", "platform", SetupInfrastructure: true, (_, _, _) => { }, NullLoggerFactory.Instance, TimeProvider.System);
        ReceiveSettings[] receivers = [.. queues.Select(queue => new ReceiveSettings(queue, new QueueAddress(queue), UsePublishSubscribe: false, PurgeOnStartup: false, "platform-error"))];
        var opened = new FileQueues(await transport.Initialize(host, receivers, []));
        foreach (var receiver in opened.infrastructure.Receivers.Values)
        {
            await receiver.Initialize(new PushRuntimeSettings(1), opened.Take, (_, _) => Task.FromResult(ErrorHandleResult.Handled));
            await receiver.StartReceive();
        }

        return opened;
    }

    public PlatformMessage[] In(string queue) => [.. received.Where(pair => pair.Queue == queue).Select(pair => pair.Message)];

    public Task Send(string queue, string id, IReadOnlyDictionary<string, string> headers, byte[] body)
    {
        var message = new OutgoingMessage(id, new Dictionary<string, string>(headers), body);
        return infrastructure.Dispatcher.Dispatch(
            new TransportOperations(new TransportOperation(message, new UnicastDestination(queue), DispatchProperties.None)), new TransportTransaction());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var receiver in infrastructure.Receivers.Values) await receiver.StopReceive();
        await infrastructure.Shutdown();
    }

    private Task Take(MessageContext message, CancellationToken cancellationToken)
    {
        received.Enqueue((message.ReceiveAddress, new PlatformMessage(message.NativeMessageId, message.Headers, message.Body.ToArray())));
        return Task.CompletedTask;
    }
}
