using System.Globalization;
using System.Text;
using Bank.ServiceBus.Transport.Tests.RabbitMq;
using RabbitMQ.Client;

namespace Bank.ServiceBus.Transport.Tests.Interop;

/// <summary>A program on RabbitMQ.Client alone that writes and reads what the wire format says; it shares no line with the transport.</summary>
internal sealed class RawClient(IConnection connection, IChannel channel) : IAsyncDisposable
{
    public static async Task<RawClient> Connect()
    {
        var connection = await Broker.Connect();
        return new RawClient(connection, await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true)));
    }

    /// <summary>A queue and an exchange of that name, as every address has them.</summary>
    public async Task DeclareAddress(string name)
    {
        await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        await channel.ExchangeDeclareAsync(name, "fanout", durable: true);
        await channel.QueueBindAsync(name, name, "");
    }

    public Task Bind(string address, string typeExchange) => channel.ExchangeBindAsync(address, typeExchange, "");

    public Task DeclareType(string typeExchange) => channel.ExchangeDeclareAsync(typeExchange, "fanout", durable: true);

    public async Task Publish(string exchange, BasicProperties properties, string body) =>
        await channel.BasicPublishAsync(exchange, "", mandatory: true, properties, Encoding.UTF8.GetBytes(body));

    public Task Delete(string queue) => channel.QueueDeleteAsync(queue);

    /// <summary>Waits for the next message of a queue.</summary>
    public async Task<RawMessage> Take(string queue)
    {
        var limit = DateTimeOffset.UtcNow.AddMinutes(1);
        while (true)
        {
            if (await channel.BasicGetAsync(queue, autoAck: true) is { } got) return RawMessage.Of(got);
            Assert.True(DateTimeOffset.UtcNow < limit, $"Nothing came to {queue}.");
            await Task.Delay(20);
        }
    }

    /// <summary>Waits for a message of a queue that belongs to others too; those of others go back.</summary>
    public async Task<RawMessage> TakeFirst(string queue, Func<BasicGetResult, bool> isOurs)
    {
        var limit = DateTimeOffset.UtcNow.AddMinutes(1);
        while (true)
        {
            await using var own = await connection.CreateChannelAsync();
            while (await own.BasicGetAsync(queue, autoAck: false) is { } got)
            {
                if (!isOurs(got)) continue;
                await own.BasicAckAsync(got.DeliveryTag, multiple: false);
                return RawMessage.Of(got);
            }

            Assert.True(DateTimeOffset.UtcNow < limit, $"What was waited for did not come to {queue}.");
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await channel.DisposeAsync();
        await connection.DisposeAsync();
    }
}

/// <summary>A message as it was on the wire.</summary>
internal sealed record RawMessage(IReadOnlyBasicProperties Properties, SortedDictionary<string, string> Headers, string Body)
{
    public static RawMessage Of(BasicGetResult got)
    {
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal);
        // The client numbers what it publishes, and the broker counts deliveries: neither is of the sender.
        foreach (var (key, value) in got.BasicProperties.Headers!.Where(header => header.Key is not ("x-dotnet-pub-seq-no" or "x-delivery-count"))) headers[key] = value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : Convert.ToString(value, CultureInfo.InvariantCulture)!;
        return new RawMessage(got.BasicProperties, headers, Encoding.UTF8.GetString(got.Body.Span));
    }

    /// <summary>Compares every header: those of a fixed value by value, ids and instants by their form, written as a pattern after a tilde.</summary>
    public void HasExactly(Dictionary<string, string> expected)
    {
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), Headers.Keys);
        Assert.All(expected, header =>
        {
            if (header.Value.StartsWith('~')) Assert.Matches("^(?:" + header.Value[1..] + ")$", Headers[header.Key]);
            else Assert.Equal(header.Value, Headers[header.Key]);
        });
    }
}
