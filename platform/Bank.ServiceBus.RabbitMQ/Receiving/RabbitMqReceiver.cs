using Bank.ServiceBus.Transport;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace Bank.ServiceBus.RabbitMQ;

/// <summary>Receives from one queue, and again after the connection was lost.</summary>
internal sealed class RabbitMqReceiver(
    ReceiveSettings settings, HostSettings host, BrokerConnections connections, TypeDeclarations declarations, Publisher publisher, RabbitMqReceiverSettings tuning)
    : IMessageReceiver
{
    private readonly ILogger logger = host.Logger.CreateLogger<RabbitMQTransport>();
    private readonly CancellationTokenSource stopReceiving = new();
    private readonly CancellationTokenSource stopHandling = new();
    private readonly HandlersUnderWay handlers = new();
    private MessageProcessing? processing;
    private int concurrency;
    private Task loop = Task.CompletedTask;

    public string Id => settings.Id;

    public string ReceiveAddress { get; } = settings.ReceiveAddress.ToString();

    public ISubscriptionManager? Subscriptions { get; } =
        new SubscriptionManager(connections, declarations, host.Name, settings.ReceiveAddress.ToString());

    public Task Initialize(PushRuntimeSettings limitations, OnMessage onMessage, OnError onError, CancellationToken cancellationToken = default)
    {
        concurrency = limitations.MaxConcurrency;
        processing = new MessageProcessing(ReceiveAddress, settings.ErrorQueue, onMessage, onError, publisher, tuning, host, stopReceiving.Token, stopHandling.Token);
        return Task.CompletedTask;
    }

    public async Task StartReceive(CancellationToken cancellationToken = default)
    {
        var first = await Consumer.Start(connections, settings, host, concurrency, tuning, processing!, handlers, stopReceiving.Token, cancellationToken);
        loop = Task.Run(() => Keep(first), CancellationToken.None);
    }

    public async Task StopReceive(CancellationToken cancellationToken = default)
    {
        await stopReceiving.CancelAsync();
        await using var registration = cancellationToken.Register(stopHandling.Cancel);
        await loop;
        // Also those whose connection was lost meanwhile.
        await handlers.None();
    }

    private async Task Keep(Consumer consumer)
    {
        while (true)
        {
            await consumer.Ended();
            if (stopReceiving.IsCancellationRequested)
            {
                await consumer.Stop();
                return;
            }

            logger.LogWarning("The queue {Queue} is no longer received from: {Reason}", ReceiveAddress, consumer.Reason);
            try
            {
                await consumer.Discard();
            }
            catch (Exception exception)
            {
                // What is broken may break again when it is put away; that must not end receiving.
                logger.LogDebug(exception, "The connection that received from {Queue} could not be closed properly.", ReceiveAddress);
            }

            if (await Reconnect() is not { } next) return;
            consumer = next;
        }
    }

    private async Task<Consumer?> Reconnect()
    {
        var lostAt = host.Clock.GetTimestamp();
        var alarmed = false;
        while (!stopReceiving.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(tuning.RecoveryInterval, host.Clock, stopReceiving.Token);
                var consumer = await Consumer.Start(connections, settings, host, concurrency, tuning, processing!, handlers, stopReceiving.Token, stopReceiving.Token);
                logger.LogInformation("The queue {Queue} is received from again.", ReceiveAddress);
                return consumer;
            }
            catch (OperationCanceledException) when (stopReceiving.IsCancellationRequested)
            {
                return null;
            }
            catch (Exception exception)
            {
                logger.LogWarning("The broker cannot be reached: {Reason}", exception.Message);
                if (alarmed || host.Clock.GetElapsedTime(lostAt) < tuning.AlarmAfter) continue;
                alarmed = true;
                host.CriticalError($"The queue {ReceiveAddress} could not be received from for {tuning.AlarmAfter}.", exception, CancellationToken.None);
            }
        }

        return null;
    }
}
