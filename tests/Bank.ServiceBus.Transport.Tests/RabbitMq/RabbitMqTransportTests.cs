using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Transport.Tests.RabbitMq;

[Collection(Broker.EventTypes)]
public sealed class QuorumQueueTests : TransportBehaviour
{
    protected override TransportDefinition Create() => Broker.Transport(QueueType.Quorum);
}

[Collection(Broker.EventTypes)]
public sealed class ClassicQueueTests : TransportBehaviour
{
    protected override TransportDefinition Create() => Broker.Transport(QueueType.Classic);
}
