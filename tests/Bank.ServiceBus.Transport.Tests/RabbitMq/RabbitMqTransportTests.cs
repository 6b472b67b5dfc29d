using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Transport.Tests.RabbitMq;

[Collection(Broker.EventTypes)]
public sealed class QuorumQueueTests : TransportBehaviour
{
    protected override TransportDefinition Create() => Broker.Transport(QueueType.Quorum);

    protected override Task DeleteQueue(string address) => Broker.DeleteQueue(address);
}

[Collection(Broker.EventTypes)]
public sealed class ClassicQueueTests : TransportBehaviour
{
    protected override TransportDefinition Create() => Broker.Transport(QueueType.Classic);

    protected override Task DeleteQueue(string address) => Broker.DeleteQueue(address);
}
