using System.Collections.Concurrent;
using System.Text;
using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Tests.Core;

/// <summary>Delivers messages the way a transport must: headers are copied for each attempt, and a message comes back until it is taken care of.</summary>
public sealed class FakeReceiver(ReceiveSettings settings, ConcurrentQueue<string> calls) : IMessageReceiver, ISubscriptionManager
{
    private OnMessage? onMessage;
    private OnError? onError;

    public string Id => settings.Id;

    public string ReceiveAddress => settings.ReceiveAddress.ToString();

    public string ErrorQueue => settings.ErrorQueue;

    public ISubscriptionManager? Subscriptions => this;

    public ConcurrentQueue<Type> Subscribed { get; } = new();

    /// <summary>What the transport tells of each message besides headers and body.</summary>
    public Action<ContextBag> Tell { get; set; } = _ => { };

    public PushRuntimeSettings? Limits { get; private set; }

    public Task Initialize(PushRuntimeSettings limitations, OnMessage onMessage, OnError onError, CancellationToken cancellationToken = default)
    {
        calls.Enqueue("prepare");
        (Limits, this.onMessage, this.onError) = (limitations, onMessage, onError);
        return Task.CompletedTask;
    }

    public Task StartReceive(CancellationToken cancellationToken = default) => Note("start");

    public Task StopReceive(CancellationToken cancellationToken = default) => Note("stop");

    public Task SubscribeAll(IReadOnlyCollection<Type> eventTypes, CancellationToken cancellationToken = default)
    {
        foreach (var type in eventTypes) Subscribed.Enqueue(type);
        return Note("subscribe");
    }

    public Task Unsubscribe(Type eventType, CancellationToken cancellationToken = default) => Note("unsubscribe " + eventType.Name);

    /// <summary>Delivers a message until it is handled or taken care of.</summary>
    /// <returns>How often it was tried.</returns>
    public async Task<int> Deliver(Dictionary<string, string> headers, string body, string nativeId = "native-1", int mostAttempts = 50)
    {
        for (var attempt = 1; attempt <= mostAttempts; attempt++)
        {
            if (await DeliverOnce(headers, body, nativeId, attempt)) return attempt;
        }

        throw new InvalidOperationException($"The message was still not taken care of after {mostAttempts} attempts.");
    }

    /// <summary>Delivers a message once.</summary>
    /// <returns>Whether it may be acknowledged.</returns>
    public async Task<bool> DeliverOnce(
        Dictionary<string, string> headers, string body, string nativeId = "native-1", int attempt = 1, CancellationToken cancellationToken = default)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var (transaction, bag) = (new TransportTransaction(), new ContextBag());
        Tell(bag);
        try
        {
            await onMessage!(new MessageContext(nativeId, new Dictionary<string, string>(headers), bytes, transaction, ReceiveAddress, bag), cancellationToken);
            return true;
        }
        catch (Exception exception)
        {
            var error = new ErrorContext(exception, new Dictionary<string, string>(headers), nativeId, bytes, transaction, attempt, ReceiveAddress, bag);
            return await onError!(error, cancellationToken) == ErrorHandleResult.Handled;
        }
    }

    private Task Note(string call)
    {
        calls.Enqueue(call);
        return Task.CompletedTask;
    }
}
