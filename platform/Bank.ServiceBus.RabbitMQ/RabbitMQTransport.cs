using System.Security.Cryptography.X509Certificates;
using Bank.ServiceBus.RabbitMQ;
using Bank.ServiceBus.Transport;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Bank.ServiceBus;

/// <summary>Messages through RabbitMQ 3.10 or later, in the topology, headers and properties of NServiceBus.RabbitMQ 11.</summary>
public class RabbitMQTransport : TransportDefinition
{
    private readonly RoutingTopology topology;
    private readonly ConnectionSettings connection;
    private readonly List<ClusterNode> furtherNodes = [];

    /// <summary>Makes the transport.</summary>
    /// <param name="routingTopology">How exchanges and queues are laid out.</param>
    /// <param name="connectionString"><c>host=h[:port];port=;virtualHost=;userName=;password=;useTls=</c>, or an <c>amqp://</c> or <c>amqps://</c> address.</param>
    /// <param name="enableDelayedDelivery">Whether a send may carry a delay; costs 28 queues and exchanges on the broker.</param>
    /// <exception cref="ArgumentException">The connection string is malformed; the message names the part.</exception>
    public RabbitMQTransport(RoutingTopology routingTopology, string connectionString, bool enableDelayedDelivery)
        : base(TransportTransactionMode.ReceiveOnly, enableDelayedDelivery, supportsPublishSubscribe: true)
    {
        ArgumentNullException.ThrowIfNull(routingTopology);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        topology = routingTopology;
        connection = ConnectionSettings.Parse(connectionString);
    }

    /// <summary>Makes the transport, with delayed delivery.</summary>
    /// <param name="routingTopology">How exchanges and queues are laid out.</param>
    /// <param name="connectionString"><c>host=h[:port];port=;virtualHost=;userName=;password=;useTls=</c>, or an <c>amqp://</c> or <c>amqps://</c> address.</param>
    /// <exception cref="ArgumentException">The connection string is malformed; the message names the part.</exception>
    public RabbitMQTransport(RoutingTopology routingTopology, string connectionString)
        : this(routingTopology, connectionString, enableDelayedDelivery: true)
    {
    }

    /// <summary>How often the client and the broker assure each other that they live. Default: 60 seconds.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The pause before connecting again after a connection was lost. Default: 10 seconds.</summary>
    public TimeSpan NetworkRecoveryInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long connecting again may fail before the critical error action runs. Default: 2 minutes.</summary>
    public TimeSpan TimeToWaitBeforeTriggeringCircuitBreaker { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How many messages the broker may hand over ahead, from the number handled at a time. Default: three times as many.</summary>
    public PrefetchCountCalculation PrefetchCountCalculation { get; set; } = concurrency => 3L * concurrency;

    /// <summary>Checks of the broker that are not made at start. Default: <see cref="BrokerRequirementChecks.None"/>, so all are made.</summary>
    public BrokerRequirementChecks DisabledBrokerRequirementChecks { get; set; }

    /// <summary>
    /// Whether, at start, quorum queues to receive from are kept from being subject to a delivery limit of the broker, which would drop messages before their retries are
    /// over. Needs the management API. Default: true.
    /// </summary>
    public bool ValidateDeliveryLimits { get; set; } = true;

    /// <summary>How to reach the management API. Default: <c>http://{host}:15672</c> (<c>https</c>, 15671 with TLS), with the credentials of the connection.</summary>
    public ManagementApiConfiguration? ManagementApiConfiguration { get; set; }

    /// <summary>The certificate, with its private key, that the endpoint shows to the broker over TLS. Default: none.</summary>
    public X509Certificate2? ClientCertificate { get; set; }

    /// <summary>Whether the broker's certificate must be valid and name the host. Default: true; anything else leaves the connection open to whoever poses as the broker.</summary>
    public bool ValidateRemoteCertificate { get; set; } = true;

    /// <summary>How the endpoint authenticates, such as <c>ExternalMechanismFactory</c> for client certificates. Default: user name and password.</summary>
    public IEnumerable<IAuthMechanismFactory>? AuthMechanisms { get; set; }

    /// <summary>Tells the id of a received message. Default: its AMQP message id.</summary>
    public Func<BasicDeliverEventArgs, string>? MessageIdStrategy { get; set; }

    /// <summary>Changes the AMQP properties of each outgoing message just before it is published; null for no change.</summary>
    public Action<IOutgoingTransportOperation, IBasicProperties>? OutgoingNativeMessageCustomization { get; set; }

    /// <summary>Names a further broker of the same cluster, on the default port; whichever answers is used.</summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public void AddClusterNode(string hostName, bool useTls) => AddClusterNode(hostName, useTls ? 5671 : 5672, useTls);

    /// <summary>Names a further broker of the same cluster; whichever answers is used.</summary>
    /// <exception cref="ArgumentException">The name is empty, or the port is none.</exception>
    public void AddClusterNode(string hostName, int port, bool useTls)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(hostName);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 65535);
        furtherNodes.Add(new ClusterNode(hostName, port, useTls));
    }

    internal override TimeSpan LongestDelay => DelayTopology.LongestDelay;

    /// <inheritdoc />
    public override IReadOnlyCollection<TransportTransactionMode> GetSupportedTransactionModes() => [TransportTransactionMode.ReceiveOnly];

    /// <inheritdoc />
    public override async Task<TransportInfrastructure> Initialize(
        HostSettings hostSettings, ReceiveSettings[] receivers, string[] sendingAddresses, CancellationToken cancellationToken = default)
    {
        var tls = new TlsSettings(ClientCertificate, ValidateRemoteCertificate);
        var connections = new BrokerConnections(connection, tls, furtherNodes, AuthMechanisms, hostSettings.Name, HeartbeatInterval);
        string[] own = [.. receivers.Select(receiver => receiver.ReceiveAddress.ToString())];
        await using (var setup = await connections.Open($"{hostSettings.Name} Administration", cancellationToken))
        {
            var version = BrokerVersion.Of(setup);
            if (Demands(BrokerRequirementChecks.Version310OrNewer)) BrokerVersion.Check(version);
            using var api = new ManagementApi(connection, tls, ManagementApiConfiguration);
            if (Demands(BrokerRequirementChecks.StreamsEnabled) && !await api.HasFeature("stream_queue", cancellationToken))
                throw new InvalidOperationException("The feature flag stream_queue of the broker is off. Turn it on with: rabbitmqctl enable_feature_flag stream_queue");
            if (hostSettings.SetupInfrastructure)
            {
                await using var channel = await setup.CreateChannelAsync(cancellationToken: cancellationToken);
                await new Installation(channel, topology).Run(own, sendingAddresses, SupportsDelayedDelivery, cancellationToken);
            }

            if (!ValidateDeliveryLimits && version.Major >= 4 && topology.QueueType == QueueType.Quorum)
                hostSettings.Logger.CreateLogger<RabbitMQTransport>().LogWarning("ValidateDeliveryLimits is off: RabbitMQ {Version} drops a message after 20 deliveries unless a policy says otherwise.", version);
            if (ValidateDeliveryLimits && topology.QueueType == QueueType.Quorum)
            {
                var limits = new DeliveryLimits(api, connection.VirtualHost, version, hostSettings.Clock);
                foreach (var queue in own) await limits.Ensure(queue, cancellationToken);
            }
        }

        var declarations = new TypeDeclarations(topology);
        var publisher = new Publisher(connections, $"{hostSettings.Name} Publish");
        var dispatcher = new RabbitMqDispatcher(publisher, declarations, SupportsDelayedDelivery, OutgoingNativeMessageCustomization, hostSettings.Clock);
        // A missing destination closes the channel that it was sent on; whoever may miss uses another one.
        var aside = new Publisher(connections, $"{hostSettings.Name} Aside");
        var asideDispatcher = new RabbitMqDispatcher(aside, declarations, SupportsDelayedDelivery, OutgoingNativeMessageCustomization, hostSettings.Clock);
        return new RabbitMqInfrastructure(publisher, aside, asideDispatcher)
        {
            Dispatcher = dispatcher,
            Receivers = receivers.ToDictionary(
                receiver => receiver.Id,
                IMessageReceiver (receiver) => new RabbitMqReceiver(receiver, hostSettings, connections, declarations, publisher, ReceiverSettings())),
        };
    }

    private bool Demands(BrokerRequirementChecks check) => !DisabledBrokerRequirementChecks.HasFlag(check);

    private RabbitMqReceiverSettings ReceiverSettings() =>
        new(PrefetchCountCalculation, MessageIdStrategy, NetworkRecoveryInterval, TimeToWaitBeforeTriggeringCircuitBreaker);
}

/// <summary>Tells how many messages the broker may hand over ahead.</summary>
/// <param name="maximumConcurrency">How many are handled at a time.</param>
/// <returns>A number from <paramref name="maximumConcurrency"/> to 65535; what is outside is brought inside.</returns>
public delegate long PrefetchCountCalculation(int maximumConcurrency);
