using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Transport.Tests.RabbitMq;

[Collection(Broker.EventTypes)]
public sealed class QuorumQueueTests : TransportBehaviour
{
    protected override TransportDefinition Create() => new RabbitMQTransport(RoutingTopology.Conventional(QueueType.Quorum), Broker.ConnectionString);
}

[Collection(Broker.EventTypes)]
public sealed class ClassicQueueTests : TransportBehaviour
{
    protected override TransportDefinition Create() => new RabbitMQTransport(RoutingTopology.Conventional(QueueType.Classic), Broker.ConnectionString);
}
