using System.Data.Common;
using System.Text;
using System.Text.Json.Nodes;
using RabbitMQ.Client;

namespace Bank.EndToEnd.Tests.Integrating;

/// <summary>A client of the broker that knows nothing of the bus: sees what the bank publishes, and can send it again.</summary>
internal sealed class ForeignClient : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly IConnection connection;
    private readonly IChannel channel;

    private ForeignClient(IConnection connection, IChannel channel, Uri address) => (this.connection, this.channel, Address) = (connection, channel, address);

    public Uri Address { get; }

    public static async Task<ForeignClient> Connect(string connectionString)
    {
        var address = AddressOf(connectionString);
        var connection = await new ConnectionFactory { Uri = address }.CreateConnectionAsync();
        var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        return new ForeignClient(connection, channel, address);
    }

    /// <summary>Binds a queue of its own, gone with the connection, to the exchange of an event.</summary>
    public async Task<string> Listen(string exchange)
    {
        var queue = (await channel.QueueDeclareAsync()).QueueName;
        await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true);
        await channel.QueueBindAsync(queue, exchange, "");
        return queue;
    }

    public async Task<(IReadOnlyBasicProperties Properties, JsonObject Body)> Take(string queue)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            if (await channel.BasicGetAsync(queue, autoAck: true, limit.Token) is { } got) return (got.BasicProperties, JsonNode.Parse(got.Body.Span)!.AsObject());
            await Task.Delay(20, limit.Token);
        }
    }

    public async Task Send(string queue, string messageId, string type, string body) => await channel.BasicPublishAsync(
        "", queue, mandatory: true, new BasicProperties { MessageId = messageId, Type = type, ContentType = "application/json" }, Encoding.UTF8.GetBytes(body));

    public async Task Delete(string address)
    {
        await channel.QueueDeleteAsync(address);
        await channel.ExchangeDeleteAsync(address);
    }

    public async ValueTask DisposeAsync()
    {
        await channel.DisposeAsync();
        await connection.DisposeAsync();
    }

    private static Uri AddressOf(string connectionString)
    {
        if (connectionString.StartsWith("amqp", StringComparison.Ordinal)) return new Uri(connectionString);
        var parts = new DbConnectionStringBuilder { ConnectionString = connectionString };
        string Part(string name, string otherwise) => parts.TryGetValue(name, out var value) ? Uri.EscapeDataString((string)value) : otherwise;
        return new Uri($"amqp://{Part("userName", "guest")}:{Part("password", "guest")}@{parts["host"]}:{Part("port", "5672")}/{Part("virtualHost", "%2F")}");
    }
}
