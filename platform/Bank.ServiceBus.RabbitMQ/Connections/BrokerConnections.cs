using System.Reflection;
using RabbitMQ.Client;

namespace Bank.ServiceBus.RabbitMQ;

/// <summary>Opens connections that say who they belong to, to whichever node of the cluster answers.</summary>
internal sealed class BrokerConnections(
    ConnectionSettings settings, TlsSettings tls, IReadOnlyList<ClusterNode> furtherNodes, IEnumerable<IAuthMechanismFactory>? authMechanisms, string endpointName, TimeSpan heartbeat)
{
    public Task<IConnection> Open(string name, CancellationToken cancellationToken, ushort dispatchConcurrency = 1)
    {
        var factory = new ConnectionFactory
        {
            VirtualHost = settings.VirtualHost,
            UserName = settings.UserName,
            Password = settings.Password,
            RequestedHeartbeat = heartbeat,
            // Channels and consumers are set up anew by who owns them, after checking what was left unacknowledged.
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            ConsumerDispatchConcurrency = dispatchConcurrency,
        };
        if (authMechanisms is not null) factory.AuthMechanisms = authMechanisms;
        foreach (var (key, value) in Identification()) factory.ClientProperties[key] = value;
        ClusterNode[] nodes = [new(settings.Host, settings.Port, settings.UseTls), .. furtherNodes];
        return factory.CreateConnectionAsync([.. nodes.Select(Endpoint)], name, cancellationToken);
    }

    private AmqpTcpEndpoint Endpoint(ClusterNode node) => node.UseTls ? new(node.Host, node.Port, tls.For(node.Host)) : new(node.Host, node.Port);

    private Dictionary<string, string> Identification() => new()
    {
        ["client_api"] = "NServiceBus",
        ["nservicebus_version"] = Pipeline.OutgoingHeaders.WireVersion,
        ["nservicebus.rabbitmq_version"] = "11.2.1",
        ["application"] = Path.GetFileName(Environment.ProcessPath) ?? endpointName,
        ["application_location"] = Path.GetDirectoryName(Assembly.GetEntryAssembly()?.Location) ?? "",
        ["machine_name"] = Environment.MachineName,
        ["user"] = settings.UserName,
        ["endpoint_name"] = endpointName,
    };
}

/// <summary>One broker of a cluster.</summary>
internal sealed record ClusterNode(string Host, int Port, bool UseTls);
