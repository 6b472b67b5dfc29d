using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Bank.ServiceBus.ServicePlatform.Tests.Conversations;

/// <summary>The platform on RabbitMQ, with nothing but the broker's own client: it declares its queues as its set-up would, and goes by properties and headers.</summary>
internal sealed class BrokerQueues : IPlatformQueues
{
    private readonly ConcurrentQueue<(string Queue, PlatformMessage Message, IReadOnlyBasicProperties Properties)> received = new();
    private readonly string[] queues;
    private readonly IConnection connection;
    private readonly IChannel channel;

    private BrokerQueues(IConnection connection, IChannel channel, string[] queues) => (this.connection, this.channel, this.queues) = (connection, channel, queues);

    public const string Missing = "BANK_TEST_RABBITMQ names no broker.";

    public static bool IsThere => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("BANK_TEST_RABBITMQ"));

    public static string ConnectionString
    {
        get
        {
            Skip.If(!IsThere, Missing);
            return Environment.GetEnvironmentVariable("BANK_TEST_RABBITMQ")!;
        }
    }

    public static async Task<BrokerQueues> Open(params string[] queues)
    {
        var connection = await Connect();
        var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        var opened = new BrokerQueues(connection, channel, queues);
        foreach (var queue in queues)
        {
            await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
            await channel.ExchangeDeclareAsync(queue, ExchangeType.Fanout, durable: true);
            await channel.QueueBindAsync(queue, queue, "");
            var consumer = new AsyncEventingBasicConsumer(channel);
            consumer.ReceivedAsync += (_, delivery) => opened.Take(queue, delivery);
            await channel.BasicConsumeAsync(queue, autoAck: true, consumer);
        }

        return opened;
    }

    public static async Task Delete(params string[] names)
    {
        await using var connection = await Connect();
        await using var channel = await connection.CreateChannelAsync();
        foreach (var name in names)
        {
            await channel.QueueDeleteAsync(name);
            await channel.ExchangeDeleteAsync(name);
        }
    }

    public PlatformMessage[] In(string queue) => [.. received.Where(item => item.Queue == queue).Select(item => item.Message)];

    public IReadOnlyBasicProperties PropertiesOf(PlatformMessage message) => received.First(item => ReferenceEquals(item.Message, message)).Properties;

    public async Task Send(string queue, string id, IReadOnlyDictionary<string, string> headers, byte[] body)
    {
        var properties = new BasicProperties
        {
            MessageId = id, DeliveryMode = DeliveryModes.Persistent, Headers = headers.ToDictionary(header => header.Key, header => (object?)header.Value),
        };
        await channel.BasicPublishAsync(queue, "", mandatory: true, properties, body);
    }

    public async ValueTask DisposeAsync()
    {
        await channel.DisposeAsync();
        await connection.DisposeAsync();
        await Delete(queues);
    }

    private static Task<IConnection> Connect()
    {
        var settings = new DbConnectionStringBuilder { ConnectionString = ConnectionString };
        string Part(string name, string otherwise) => settings.TryGetValue(name, out var value) ? (string)value : otherwise;
        var factory = new ConnectionFactory
        {
            HostName = Part("host", "localhost"), Port = int.Parse(Part("port", "5672"), CultureInfo.InvariantCulture),
            UserName = Part("userName", "guest"), Password = Part("password", "guest"), VirtualHost = Part("virtualHost", "/"),
        };
        return factory.CreateConnectionAsync();
    }

    private Task Take(string queue, BasicDeliverEventArgs delivery)
    {
        var headers = (delivery.BasicProperties.Headers ?? new Dictionary<string, object?>())
            .ToDictionary(header => header.Key, header => header.Value is byte[] text ? Encoding.UTF8.GetString(text) : Convert.ToString(header.Value, CultureInfo.InvariantCulture)!);
        received.Enqueue((queue, new PlatformMessage(delivery.BasicProperties.MessageId ?? "", headers, delivery.Body.ToArray()), delivery.BasicProperties));
        return Task.CompletedTask;
    }
}
