using Bank.ServiceBus.Transport;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Bank.ServiceBus.RabbitMQ;

/// <summary>Binds the exchanges of events to the exchange of one endpoint.</summary>
internal sealed class SubscriptionManager(BrokerConnections connections, TypeDeclarations declarations, string endpointName, string address) : ISubscriptionManager
{
    public async Task SubscribeAll(IReadOnlyCollection<Type> eventTypes, CancellationToken cancellationToken = default)
    {
        await using var connection = await connections.Open($"{endpointName} Administration", cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        foreach (var type in eventTypes)
        {
            // Every event is an IEvent; publishers that know no such interface still reach the exchange of object.
            var subscribed = type == typeof(IEvent) ? typeof(object) : type;
            await declarations.Declare(channel, subscribed, cancellationToken);
            await channel.ExchangeBindAsync(address, ConventionalNames.ExchangeOf(subscribed), "", cancellationToken: cancellationToken);
        }
    }

    public async Task Unsubscribe(Type eventType, CancellationToken cancellationToken = default)
    {
        await using var connection = await connections.Open($"{endpointName} Administration", cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            await channel.ExchangeUnbindAsync(address, ConventionalNames.ExchangeOf(eventType), "", cancellationToken: cancellationToken);
        }
        catch (OperationInterruptedException)
        {
            // There was nothing to unbind.
        }
    }
}
