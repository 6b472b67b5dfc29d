using Bank.ServiceBus.RabbitMQ;
using Bank.ServiceBus.Transport;
using RabbitMQ.Client.Events;

namespace Bank.ServiceBus;

/// <summary>Messages through RabbitMQ 3.10 or later, in the topology, headers and properties of NServiceBus.RabbitMQ 11.</summary>
public class RabbitMQTransport : TransportDefinition
{
    private readonly RoutingTopology topology;
    private readonly ConnectionSettings connection;

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

    /// <summary>Tells the id of a received message. Default: its AMQP message id.</summary>
    public Func<BasicDeliverEventArgs, string>? MessageIdStrategy { get; set; }

    /// <inheritdoc />
    public override IReadOnlyCollection<TransportTransactionMode> GetSupportedTransactionModes() => [TransportTransactionMode.ReceiveOnly];

    /// <inheritdoc />
    public override async Task<TransportInfrastructure> Initialize(
        HostSettings hostSettings, ReceiveSettings[] receivers, string[] sendingAddresses, CancellationToken cancellationToken = default)
    {
        var connections = new BrokerConnections(connection, hostSettings.Name, HeartbeatInterval);
        await using (var setup = await connections.Open($"{hostSettings.Name} Administration", cancellationToken))
        {
            BrokerVersion.Check(setup);
            if (hostSettings.SetupInfrastructure)
            {
                await using var channel = await setup.CreateChannelAsync(cancellationToken: cancellationToken);
                string[] own = [.. receivers.Select(receiver => receiver.ReceiveAddress.ToString())];
                await new Installation(channel, topology).Run(own, sendingAddresses, SupportsDelayedDelivery, cancellationToken);
            }
        }

        var declarations = new TypeDeclarations(topology);
        var publisher = new Publisher(connections, $"{hostSettings.Name} Publish");
        var dispatcher = new RabbitMqDispatcher(publisher, declarations, SupportsDelayedDelivery, hostSettings.Clock);
        // A missing destination closes the channel that it was sent on; whoever may miss uses another one.
        var aside = new Publisher(connections, $"{hostSettings.Name} Aside");
        var asideDispatcher = new RabbitMqDispatcher(aside, declarations, SupportsDelayedDelivery, hostSettings.Clock);
        return new RabbitMqInfrastructure(publisher, aside, asideDispatcher)
        {
            Dispatcher = dispatcher,
            Receivers = receivers.ToDictionary(
                receiver => receiver.Id,
                IMessageReceiver (receiver) => new RabbitMqReceiver(receiver, hostSettings, connections, declarations, publisher, ReceiverSettings())),
        };
    }

    private RabbitMqReceiverSettings ReceiverSettings() =>
        new(PrefetchCountCalculation, MessageIdStrategy, NetworkRecoveryInterval, TimeToWaitBeforeTriggeringCircuitBreaker);
}

/// <summary>Tells how many messages the broker may hand over ahead.</summary>
/// <param name="maximumConcurrency">How many are handled at a time.</param>
/// <returns>A number from <paramref name="maximumConcurrency"/> to 65535; what is outside is brought inside.</returns>
public delegate long PrefetchCountCalculation(int maximumConcurrency);
