using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.RabbitMQ;

/// <summary>The transport of a started endpoint.</summary>
internal sealed class RabbitMqInfrastructure(Publisher publisher, Publisher aside, IMessageDispatcher asideDispatcher) : TransportInfrastructure
{
    internal override IMessageDispatcher AsideDispatcher => asideDispatcher;

    public override string ToTransportAddress(QueueAddress address) => address.ToString();

    public override async Task Shutdown(CancellationToken cancellationToken = default)
    {
        await aside.DisposeAsync();
        await publisher.DisposeAsync();
    }
}
