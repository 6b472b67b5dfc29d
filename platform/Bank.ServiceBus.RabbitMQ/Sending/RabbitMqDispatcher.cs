using Bank.ServiceBus.Transport;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Bank.ServiceBus.RabbitMQ;

/// <summary>Sends and publishes. An operation is done when the broker has confirmed it.</summary>
internal sealed class RabbitMqDispatcher(
    Publisher publisher, TypeDeclarations declarations, bool delays, Action<IOutgoingTransportOperation, IBasicProperties>? customize, TimeProvider clock) : IMessageDispatcher
{
    private const int NoDelay = -1;

    public async Task Dispatch(TransportOperations outgoingMessages, TransportTransaction transaction, CancellationToken cancellationToken = default)
    {
        var operations = outgoingMessages.Operations;
        await Prepare(operations, cancellationToken);
        if (operations.Count == 1)
        {
            await Publish(operations[0], cancellationToken);
            return;
        }

        // All are under way together; waiting for one confirm after the other would take as many round trips.
        var published = new Task[operations.Count];
        for (var index = 0; index < published.Length; index++) published[index] = Publish(operations[index], cancellationToken);
        await Task.WhenAll(published);
    }

    private async Task Prepare(IReadOnlyList<TransportOperation> operations, CancellationToken cancellationToken)
    {
        foreach (var operation in operations)
        {
            if (operation.Destination is MulticastDestination multicast && !declarations.IsDeclared(multicast.MessageType))
                await Declare(multicast.MessageType, cancellationToken);
            if (Delay(operation) != NoDelay && operation.Destination is UnicastDestination delayed)
                await publisher.WithOwnChannel(channel => DelayTopology.BindAddress(channel, delayed.Address, cancellationToken), cancellationToken);
        }
    }

    private async Task Publish(TransportOperation operation, CancellationToken cancellationToken)
    {
        var delay = Delay(operation);
        var properties = MessageProperties.Write(operation.Message, operation.Properties, delay == NoDelay ? null : delay);
        customize?.Invoke(operation, properties);
        var (exchange, key, mandatory) = (operation.Destination, delay) switch
        {
            (MulticastDestination multicast, _) => (ConventionalNames.ExchangeOf(multicast.MessageType), "", false),
            (UnicastDestination unicast, NoDelay) => (unicast.Address, "", true),
            (UnicastDestination unicast, _) => Delayed(delay, unicast.Address),
            _ => throw new InvalidOperationException($"{operation.Destination.GetType().Name} is not a way to send."),
        };
        try
        {
            await publisher.Publish(exchange, key, mandatory, properties, operation.Message.Body, cancellationToken);
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.NotFound && operation.Destination is MulticastDestination)
        {
            // Somebody has deleted the exchange since it was declared.
            var type = ((MulticastDestination)operation.Destination).MessageType;
            declarations.Forget(type);
            await Declare(type, cancellationToken);
            await publisher.Publish(exchange, key, mandatory, properties, operation.Message.Body, cancellationToken);
        }
    }

    private Task Declare(Type type, CancellationToken cancellationToken) =>
        publisher.WithOwnChannel(channel => declarations.Declare(channel, type, cancellationToken), cancellationToken);

    private static (string Exchange, string Key, bool Mandatory) Delayed(int seconds, string address)
    {
        var (exchange, key) = DelayTopology.Route(seconds, address);
        return (exchange, key, true);
    }

    private int Delay(TransportOperation operation)
    {
        var delay = operation.Properties.DelayDeliveryWith
            ?? (operation.Properties.DoNotDeliverBefore is { } at ? at - clock.GetUtcNow() : null);
        if (delay is not { } time) return NoDelay;
        if (!delays) throw new InvalidOperationException("Delayed delivery is switched off for this transport.");
        if (operation.Properties.DiscardIfNotReceivedBefore is not null)
            throw new InvalidOperationException($"The message '{operation.Message.MessageId}' has both a delay and a time to be received.");
        return DelayTopology.Seconds(time);
    }
}
