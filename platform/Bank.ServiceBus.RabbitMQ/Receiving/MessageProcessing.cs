using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Transport;
using BitFaster.Caching.Lru;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Bank.ServiceBus.RabbitMQ;

/// <summary>One delivered message from beginning to end: handled, then acknowledged, requeued, or moved away because it cannot be read.</summary>
internal sealed class MessageProcessing(
    string queue, string errorQueue, OnMessage onMessage, OnError onError, Publisher publisher, RabbitMqReceiverSettings tuning, HostSettings host,
    CancellationToken stopReceiving, CancellationToken stop)
{
    private const int Remembered = 1000;

    private readonly ILogger logger = host.Logger.CreateLogger<RabbitMQTransport>();
    private readonly ConcurrentLru<string, int> failures = new(Remembered);
    private readonly ConcurrentLru<string, bool> handledButNotAcknowledged = new(Remembered);

    /// <summary>Remembers a message that was handled while its acknowledgement was lost, so that its next delivery is not handled again.</summary>
    public void Remember(string key) => handledButNotAcknowledged.AddOrUpdate(key, true);

    public async Task Process(Acknowledgements acknowledgements, BasicDeliverEventArgs delivery)
    {
        try
        {
            if (Read(delivery) is not ({ } id, { } headers))
            {
                await MoveUnreadable(acknowledgements, delivery);
                return;
            }

            var key = Key(id, headers);
            if (WasHandled(key, delivery) || await Handle(id, headers, delivery)) await acknowledgements.Done(delivery.DeliveryTag, key);
            else await acknowledgements.Requeue(delivery.DeliveryTag);
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "A message of {Queue} could not be processed and goes back to its queue.", queue);
            // It comes again at once, and what stands in its way will not be gone by then.
            await Task.Delay(tuning.RecoveryInterval, host.Clock, stopReceiving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await acknowledgements.Requeue(delivery.DeliveryTag);
        }
    }

    // What comes for the first time is another message with that id: sent again by a retry or by an operator.
    private bool WasHandled(string key, BasicDeliverEventArgs delivery) => handledButNotAcknowledged.TryRemove(key) && delivery.Redelivered;

    // The copy that waits for a delayed retry has the id of the message that it was made from.
    private static string Key(string id, Dictionary<string, string> headers) => headers.TryGetValue(Headers.DelayedRetries, out var round) ? $"{id}-{round}" : id;

    private (string? Id, Dictionary<string, string>? Headers) Read(BasicDeliverEventArgs delivery)
    {
        try
        {
            var headers = MessageHeaders.Read(delivery);
            var id = tuning.MessageIdStrategy is { } strategy ? strategy(delivery) : delivery.BasicProperties.MessageId;
            if (string.IsNullOrWhiteSpace(id) && tuning.MessageIdStrategy is not null) id = headers.GetValueOrDefault(Headers.MessageId);
            return (string.IsNullOrWhiteSpace(id) ? null : id, headers);
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "The id or the headers of a message of {Queue} could not be read.", queue);
            return (null, null);
        }
    }

    /// <returns>Whether the message is done with.</returns>
    private async Task<bool> Handle(string id, Dictionary<string, string> headers, BasicDeliverEventArgs delivery)
    {
        var transaction = new TransportTransaction();
        var bag = new ContextBag();
        bag.Set(delivery);
        try
        {
            await onMessage(new MessageContext(id, headers, delivery.Body, transaction, queue, bag), stop);
            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception exception)
        {
            // As they came, whatever handlers have made of theirs.
            var received = MessageHeaders.Read(delivery);
            var error = new ErrorContext(exception, received, id, delivery.Body, transaction, Attempts(id, received, delivery), queue, bag);
            return await onError(error, stop) == ErrorHandleResult.Handled;
        }
    }

    private int Attempts(string id, Dictionary<string, string> headers, BasicDeliverEventArgs delivery)
    {
        if (!delivery.Redelivered) return 1;
        if (MessageHeaders.DeliveriesBefore(delivery) is { } before) return (int)Math.Min(before + 1, int.MaxValue);
        // A classic queue does not count; each round of delayed retries counts anew.
        var key = Key(id, headers);
        var count = failures.TryGet(key, out var known) ? known + 1 : 2;
        failures.AddOrUpdate(key, count);
        return count;
    }

    private async Task MoveUnreadable(Acknowledgements acknowledgements, BasicDeliverEventArgs delivery)
    {
        logger.LogError("A message of {Queue} has no id, or headers that cannot be read, and goes to {ErrorQueue} as it is.", queue, errorQueue);
        var properties = new BasicProperties(delivery.BasicProperties);
        // The broker takes a user id only from that user; and what waits for an operator must not expire.
        properties.ClearUserId();
        properties.ClearExpiration();
        await publisher.Publish(errorQueue, "", mandatory: true, properties, delivery.Body, stop);
        await acknowledgements.Done(delivery.DeliveryTag, "");
    }
}
