using RabbitMQ.Client;

namespace Bank.ServiceBus.Transport.Tests.RabbitMq;

/// <summary>The broker that <c>BANK_TEST_RABBITMQ</c> names.</summary>
internal static class Broker
{
    /// <summary>The collection of tests that publish: the exchange of an event type is one for all who use the broker, so they run one after the other.</summary>
    public const string EventTypes = "Event types on the broker";

    public static string ConnectionString
    {
        get
        {
            var text = Environment.GetEnvironmentVariable("BANK_TEST_RABBITMQ");
            Skip.If(string.IsNullOrEmpty(text), "BANK_TEST_RABBITMQ names no broker.");
            return text;
        }
    }

    /// <summary>A transport on a broker without the management plug-in.</summary>
    public static RabbitMQTransport Transport(QueueType queueType, string? connectionString = null, bool delays = true) =>
        new(RoutingTopology.Conventional(queueType), connectionString ?? ConnectionString, delays)
        {
            NetworkRecoveryInterval = TimeSpan.FromMilliseconds(200),
            DisabledBrokerRequirementChecks = BrokerRequirementChecks.StreamsEnabled,
            ValidateDeliveryLimits = false,
        };

    public static async Task DeleteQueue(string name)
    {
        await using var connection = await Connect();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeleteAsync(name);
    }

    public static Task<IConnection> Connect()
    {
        var settings = ServiceBus.RabbitMQ.ConnectionSettings.Parse(ConnectionString);
        return new ConnectionFactory { HostName = settings.Host, Port = settings.Port, UserName = settings.UserName, Password = settings.Password, VirtualHost = settings.VirtualHost }
            .CreateConnectionAsync();
    }
}
