using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Transport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bank.ServiceBus.Transport.Tests;

/// <summary>One endpoint on the transport under test, without the bus above it.</summary>
internal sealed class TestTransport : IAsyncDisposable
{
    private readonly TransportInfrastructure infrastructure;
    private readonly Func<Received, Task> handle;
    private readonly Func<ErrorContext, ErrorHandleResult> fail;
    private bool stopped;

    private TestTransport(TransportInfrastructure infrastructure, string address, Func<Received, Task> handle, Func<ErrorContext, ErrorHandleResult> fail)
    {
        this.infrastructure = infrastructure;
        this.handle = handle;
        this.fail = fail;
        Address = address;
    }

    public string Address { get; }

    public System.Collections.Concurrent.ConcurrentQueue<Received> All { get; } = [];

    public System.Collections.Concurrent.ConcurrentQueue<(ErrorContext Context, string Body)> Errors { get; } = [];

    public ISubscriptionManager Subscriptions => infrastructure.Receivers["Main"].Subscriptions!;

    public static async Task<TestTransport> Start(
        TransportDefinition definition, string address, Func<Received, Task>? handle = null, Func<ErrorContext, ErrorHandleResult>? fail = null,
        string? errorQueue = null, int concurrency = 4, bool receive = true, ILoggerFactory? loggers = null, Action<string>? criticalError = null, params Type[] subscribe)
    {
        errorQueue ??= address + ".error";
        var settings = new HostSettings(address, "test", true, (error, _, _) => criticalError?.Invoke(error), loggers ?? NullLoggerFactory.Instance, TimeProvider.System);
        var infrastructure = await definition.Initialize(settings, [new ReceiveSettings("Main", new QueueAddress(address), true, false, errorQueue)], [errorQueue]);
        var transport = new TestTransport(infrastructure, address, handle ?? (_ => Task.CompletedTask), fail ?? (_ => ErrorHandleResult.RetryRequired));
        var receiver = infrastructure.Receivers["Main"];
        await receiver.Initialize(new PushRuntimeSettings(concurrency), transport.OnMessage, transport.OnError);
        if (subscribe.Length > 0) await transport.Subscriptions.SubscribeAll(subscribe);
        if (receive) await receiver.StartReceive();
        return transport;
    }

    public Task Send(string destination, string body, DispatchProperties? properties = null, Dictionary<string, string>? headers = null, string? id = null) =>
        Dispatch(new UnicastDestination(destination), body, properties, headers, id);

    public Task Publish(Type type, string body) => Dispatch(new MulticastDestination(type), body, null, null, null);

    public Task Dispatch(params TransportOperation[] operations) => infrastructure.Dispatcher.Dispatch(new TransportOperations(operations), new TransportTransaction());

    public async Task Stop(CancellationToken cancellationToken = default)
    {
        if (stopped) return;
        await StopAgain(cancellationToken);
    }

    /// <summary>Stops, whether it was asked before or not.</summary>
    public Task StopAgain(CancellationToken cancellationToken = default)
    {
        stopped = true;
        return infrastructure.Receivers["Main"].StopReceive(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        await infrastructure.Shutdown();
    }

    public static TransportOperation Operation(OperationDestination destination, string body, DispatchProperties? properties = null, Dictionary<string, string>? headers = null, string? id = null)
    {
        id ??= Guid.NewGuid().ToString();
        var all = new Dictionary<string, string>(headers ?? []) { [Headers.MessageId] = id };
        return new TransportOperation(new OutgoingMessage(id, all, System.Text.Encoding.UTF8.GetBytes(body)), destination, properties ?? DispatchProperties.None);
    }

    private Task Dispatch(OperationDestination destination, string body, DispatchProperties? properties, Dictionary<string, string>? headers, string? id) =>
        Dispatch(Operation(destination, body, properties, headers, id));

    private Task OnMessage(MessageContext context, CancellationToken cancellationToken)
    {
        var received = new Received(context.NativeMessageId, new Dictionary<string, string>(context.Headers), System.Text.Encoding.UTF8.GetString(context.Body.Span), cancellationToken);
        All.Enqueue(received);
        return handle(received);
    }

    private Task<ErrorHandleResult> OnError(ErrorContext error, CancellationToken cancellationToken)
    {
        // The body is the transport's own again when this returns.
        Errors.Enqueue((error, System.Text.Encoding.UTF8.GetString(error.Body.Span)));
        return Task.FromResult(fail(error));
    }
}

internal sealed record Received(string Id, Dictionary<string, string> Headers, string Body, CancellationToken CancellationToken);

/// <summary>Waits for conditions.</summary>
internal static class Eventually
{
    public static async Task Holds(Func<bool> condition, string what, int seconds = 60)
    {
        var limit = DateTimeOffset.UtcNow.AddSeconds(seconds);
        while (!condition())
        {
            Assert.True(DateTimeOffset.UtcNow < limit, $"{what} did not happen within {seconds} seconds.");
            await Task.Delay(10);
        }
    }

    public static async Task<T> Gives<T>(Func<Task<T?>> look, string what, int seconds = 60) where T : class
    {
        var limit = DateTimeOffset.UtcNow.AddSeconds(seconds);
        while (true)
        {
            if (await look() is { } found) return found;
            Assert.True(DateTimeOffset.UtcNow < limit, $"{what} did not happen within {seconds} seconds.");
            await Task.Delay(10);
        }
    }
}
