using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Transport;
using BitFaster.Caching.Lru;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Bank.ServiceBus.RabbitMQ;

/// <summary>One delivered message from beginning to end: handled, then acknowledged, requeued, or moved away because it cannot be read.</summary>
internal sealed class MessageProcessing(
    string queue, string errorQueue, OnMessage onMessage, OnError onError, Publisher publisher, RabbitMqReceiverSettings tuning, HostSettings host, CancellationToken stop)
{
    private const int Remembered = 1000;

    private readonly ILogger logger = host.Logger.CreateLogger<RabbitMQTransport>();
    private readonly ConcurrentLru<string, int> failures = new(Remembered);
    private readonly ConcurrentLru<string, bool> handledButNotAcknowledged = new(Remembered);

    public async Task Process(IChannel channel, BasicDeliverEventArgs delivery)
    {
        try
        {
            if (ReadId(delivery) is not { } id)
            {
                await MoveUnreadable(channel, delivery);
                return;
            }

            if (handledButNotAcknowledged.TryRemove(id)) await Acknowledge(channel, delivery, id);
            else if (await Handle(id, delivery)) await Acknowledge(channel, delivery, id);
            else await Requeue(channel, delivery);
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "A message of {Queue} could not be processed and goes back to its queue.", queue);
            await Requeue(channel, delivery);
        }
    }

    private string? ReadId(BasicDeliverEventArgs delivery)
    {
        if (tuning.MessageIdStrategy is null)
            return string.IsNullOrWhiteSpace(delivery.BasicProperties.MessageId) ? null : delivery.BasicProperties.MessageId;
        try
        {
            var id = tuning.MessageIdStrategy(delivery);
            return string.IsNullOrWhiteSpace(id) ? MessageHeaders.Read(delivery).GetValueOrDefault(Headers.MessageId) : id;
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "The id of a message of {Queue} could not be read.", queue);
            return null;
        }
    }

    /// <returns>Whether the message is done with.</returns>
    private async Task<bool> Handle(string id, BasicDeliverEventArgs delivery)
    {
        var transaction = new TransportTransaction();
        var bag = new ContextBag();
        bag.Set(delivery);
        try
        {
            await onMessage(new MessageContext(id, MessageHeaders.Read(delivery), delivery.Body, transaction, queue, bag), stop);
            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception exception)
        {
            var headers = MessageHeaders.Read(delivery);
            var error = new ErrorContext(exception, headers, id, delivery.Body, transaction, Attempts(id, headers, delivery), queue, bag);
            return await onError(error, stop) == ErrorHandleResult.Handled;
        }
    }

    private int Attempts(string id, Dictionary<string, string> headers, BasicDeliverEventArgs delivery)
    {
        if (!delivery.Redelivered) return 1;
        if (MessageHeaders.DeliveriesBefore(delivery) is { } before) return (int)Math.Min(before + 1, int.MaxValue);
        // A classic queue does not count; each round of delayed retries counts anew.
        var key = $"{id}-{headers.GetValueOrDefault(Headers.DelayedRetries) ?? "0"}";
        var count = failures.TryGet(key, out var known) ? known + 1 : 2;
        failures.AddOrUpdate(key, count);
        return count;
    }

    private async Task Acknowledge(IChannel channel, BasicDeliverEventArgs delivery, string id)
    {
        try
        {
            await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false, CancellationToken.None);
        }
        catch (Exception exception) when (exception is AlreadyClosedException or ObjectDisposedException or OperationInterruptedException)
        {
            handledButNotAcknowledged.AddOrUpdate(id, true);
        }
    }

    private static async Task Requeue(IChannel channel, BasicDeliverEventArgs delivery)
    {
        try
        {
            await channel.BasicRejectAsync(delivery.DeliveryTag, requeue: true, CancellationToken.None);
        }
        catch (Exception exception) when (exception is AlreadyClosedException or ObjectDisposedException or OperationInterruptedException)
        {
            // The message went back to its queue when the channel closed.
        }
    }

    private async Task MoveUnreadable(IChannel channel, BasicDeliverEventArgs delivery)
    {
        logger.LogError("A message of {Queue} has no id and goes to {ErrorQueue} as it is.", queue, errorQueue);
        var publish = await publisher.Channel(stop);
        await publish.BasicPublishAsync(errorQueue, "", mandatory: true, new BasicProperties(delivery.BasicProperties), delivery.Body, stop);
        await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false, CancellationToken.None);
    }
}
