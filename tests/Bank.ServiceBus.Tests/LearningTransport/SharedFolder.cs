using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Bank.ServiceBus.Learning;
using Bank.ServiceBus.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bank.ServiceBus.Tests.Learning;

/// <summary>A folder of the learning transport that lives as long as one test, and the transports that share it.</summary>
public sealed class SharedFolder : IAsyncDisposable
{
    private readonly List<Node> nodes = [];

    public string Path { get; } = Directory.CreateTempSubdirectory("learning-").FullName;

    internal StorageFolder Storage => new(Path);

    public int CountIn(string queue) => new LearningTransportQueue(Path, queue).Count();

    public async Task<Node> Start(string queue, Action<Node>? prepare = null, TimeProvider? clock = null, int concurrency = 1, bool receiving = true)
    {
        var node = new Node(queue);
        prepare?.Invoke(node);
        nodes.Add(node);
        await node.Start(Path, clock ?? TimeProvider.System, concurrency, receiving);
        return node;
    }

    public static async Task Until(Func<bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"Waited in vain: {what}.");
            await Task.Delay(10);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes) await node.Stop(CancellationToken.None);
        Directory.Delete(Path, recursive: true);
    }
}

/// <summary>One transport with one queue, as one process has it.</summary>
public sealed class Node(string queue)
{
    private TransportInfrastructure? infrastructure;

    public ConcurrentQueue<MessageContext> Received { get; } = new();

    public ConcurrentQueue<ErrorContext> Failed { get; } = new();

    public ConcurrentQueue<string> CriticalErrors { get; } = new();

    public int MaximumMessageBytes { get; set; } = 64 * 1024;

    public bool RestrictPayloadSize { get; set; } = true;

    public TransportTransactionMode Mode { get; set; } = TransportTransactionMode.ReceiveOnly;

    public Func<MessageContext, CancellationToken, Task> OnMessage { get; set; } = (_, _) => Task.CompletedTask;

    public Func<ErrorContext, ErrorHandleResult> OnError { get; set; } = _ => ErrorHandleResult.Handled;

    public IMessageReceiver Receiver => infrastructure!.Receivers["Main"];

    public string[] Texts => [.. Received.Select(message => Encoding.UTF8.GetString(message.Body.Span))];

    public async Task Start(string folder, TimeProvider clock, int concurrency, bool receiving)
    {
        var transport = new LearningTransport
        {
            StorageDirectory = folder,
            MaximumMessageBytes = MaximumMessageBytes,
            RestrictPayloadSize = RestrictPayloadSize,
            TransportTransactionMode = Mode,
        };
        var host = new HostSettings(queue, queue, SetupInfrastructure: true, (error, _, _) => CriticalErrors.Enqueue(error), NullLoggerFactory.Instance, clock);
        infrastructure = await transport.Initialize(host, [new ReceiveSettings("Main", new QueueAddress(queue), true, false, "error")], ["error"]);
        await Receiver.Initialize(new PushRuntimeSettings(concurrency), Take, (error, _) =>
        {
            Failed.Enqueue(error);
            return Task.FromResult(OnError(error));
        });
        if (receiving) await Receiver.StartReceive();
    }

    public Task Stop(CancellationToken cancellationToken) => Receiver.StopReceive(cancellationToken);

    public Task Send(string destination, string text, DispatchProperties? properties = null) =>
        Send(destination, Encoding.UTF8.GetBytes(text), [], properties);

    public Task Send(string destination, byte[] body, Dictionary<string, string> headers, DispatchProperties? properties = null) =>
        Dispatch(new OutgoingMessage(Guid.NewGuid().ToString(), headers, body), new UnicastDestination(destination), properties);

    public Task Publish(Type type, string text) =>
        Dispatch(new OutgoingMessage(Guid.NewGuid().ToString(), [], Encoding.UTF8.GetBytes(text)), new MulticastDestination(type), null);

    /// <summary>Sends as a handler does.</summary>
    public Task SendWithin(MessageContext handled, string destination, string text, DispatchConsistency consistency = DispatchConsistency.Default) =>
        SendWithin(handled.TransportTransaction, destination, text, consistency);

    public Task SendWithin(TransportTransaction transaction, string destination, string text, DispatchConsistency consistency = DispatchConsistency.Default)
    {
        var message = new OutgoingMessage(Guid.NewGuid().ToString(), [], Encoding.UTF8.GetBytes(text));
        var operation = new TransportOperation(message, new UnicastDestination(destination), DispatchProperties.None, consistency);
        return infrastructure!.Dispatcher.Dispatch(new TransportOperations(operation), transaction);
    }

    private Task Dispatch(OutgoingMessage message, OperationDestination destination, DispatchProperties? properties) =>
        infrastructure!.Dispatcher.Dispatch(
            new TransportOperations(new TransportOperation(message, destination, properties ?? DispatchProperties.None)), new TransportTransaction());

    private async Task Take(MessageContext message, CancellationToken cancellationToken)
    {
        Received.Enqueue(message);
        await OnMessage(message, cancellationToken);
    }
}
