using RabbitMQ.Client;

namespace Bank.ServiceBus.RabbitMQ;

/// <summary>Creates what is missing on the broker for one endpoint.</summary>
internal sealed class Installation(IChannel channel, RoutingTopology topology)
{
    public async Task Run(string[] receiveAddresses, string[] sendingAddresses, bool delays, CancellationToken cancellationToken)
    {
        if (delays) await DelayTopology.Declare(channel, cancellationToken);
        foreach (var address in receiveAddresses.Concat(sendingAddresses).Distinct()) await DeclareQueue(address, cancellationToken);
        if (!delays) return;
        foreach (var address in receiveAddresses) await DelayTopology.BindAddress(channel, address, cancellationToken);
    }

    private async Task DeclareQueue(string address, CancellationToken cancellationToken)
    {
        var quorum = topology.QueueType == QueueType.Quorum;
        var arguments = new Dictionary<string, object?>();
        if (quorum) arguments["x-queue-type"] = "quorum";
        await channel.QueueDeclareAsync(
            address, durable: quorum || topology.UseDurableEntities, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellationToken);
        await channel.ExchangeDeclareAsync(address, ExchangeType.Fanout, topology.UseDurableEntities, cancellationToken: cancellationToken);
        await channel.QueueBindAsync(address, address, "", cancellationToken: cancellationToken);
    }
}
