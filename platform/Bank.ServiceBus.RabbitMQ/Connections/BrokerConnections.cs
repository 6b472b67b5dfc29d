using System.Reflection;
using RabbitMQ.Client;

namespace Bank.ServiceBus.RabbitMQ;

/// <summary>Opens connections that say who they belong to.</summary>
internal sealed class BrokerConnections(ConnectionSettings settings, string endpointName, TimeSpan heartbeat)
{
    public Task<IConnection> Open(string name, CancellationToken cancellationToken, ushort dispatchConcurrency = 1)
    {
        var factory = new ConnectionFactory
        {
            HostName = settings.Host,
            Port = settings.Port,
            VirtualHost = settings.VirtualHost,
            UserName = settings.UserName,
            Password = settings.Password,
            RequestedHeartbeat = heartbeat,
            // Channels and consumers are set up anew by who owns them, after checking what was left unacknowledged.
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            ConsumerDispatchConcurrency = dispatchConcurrency,
        };
        if (settings.UseTls) factory.Ssl = new SslOption(settings.Host) { Enabled = true };
        foreach (var (key, value) in Identification()) factory.ClientProperties[key] = value;
        return factory.CreateConnectionAsync(name, cancellationToken);
    }

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
