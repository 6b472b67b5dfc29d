using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.RabbitMQ;

/// <summary>The transport of a started endpoint.</summary>
internal sealed class RabbitMqInfrastructure(Publisher publisher) : TransportInfrastructure
{
    public override string ToTransportAddress(QueueAddress address) => address.ToString();

    public override Task Shutdown(CancellationToken cancellationToken = default) => publisher.DisposeAsync().AsTask();
}
