using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Bank.Benchmarks.Bus;

/// <summary>The floor: RabbitMQ.Client and nothing else; quorum queues, confirms, one acknowledgement for each message.</summary>
internal sealed class BareBroker(string connectionString)
{
    /// <summary>Publishes a message again and again to a queue.</summary>
    /// <returns>Messages per second.</returns>
    public async Task<double> Send(string queue, Sample sample, int messages, int inFlight, CancellationToken cancellationToken)
    {
        await using var connection = await Connect(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
        var watch = Stopwatch.StartNew();
        await Concurrently.Run(messages, inFlight, async _ => await channel.BasicPublishAsync("", queue, mandatory: true, sample.Properties, sample.Body, cancellationToken));
        return messages / watch.Elapsed.TotalSeconds;
    }

    /// <summary>Receives and acknowledges what waits in a queue.</summary>
    /// <returns>Messages per second, from the first delivery to the last acknowledgement.</returns>
    public async Task<double> Receive(string queue, int messages, ushort prefetch, CancellationToken cancellationToken)
    {
        await using var connection = await Connect(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.BasicQosAsync(0, prefetch, global: false, cancellationToken);
        var arrivals = new Arrivals(messages);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false, cancellationToken);
            arrivals.One();
        };
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer, cancellationToken);
        return await arrivals.Rate(cancellationToken);
    }

    /// <summary>Creates an empty quorum queue.</summary>
    public async Task Declare(string queue, CancellationToken cancellationToken)
    {
        await using var connection = await Connect(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(
            queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: cancellationToken);
        await channel.ExchangeDeclareAsync(queue, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken);
        await channel.QueueBindAsync(queue, queue, "", cancellationToken: cancellationToken);
    }

    public async Task Purge(string queue, CancellationToken cancellationToken)
    {
        await using var connection = await Connect(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.QueuePurgeAsync(queue, cancellationToken);
    }

    /// <summary>Takes the first message of a queue: what the bus has written there is what the floor writes too.</summary>
    public async Task<Sample> Take(string queue, CancellationToken cancellationToken)
    {
        await using var connection = await Connect(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var got = await channel.BasicGetAsync(queue, autoAck: true, cancellationToken) ?? throw new InvalidOperationException($"The queue {queue} is empty.");
        return new Sample(new BasicProperties(got.BasicProperties), got.Body.ToArray());
    }

    private Task<IConnection> Connect(CancellationToken cancellationToken)
    {
        var parts = new DbConnectionStringBuilder { ConnectionString = connectionString };
        var factory = new ConnectionFactory { HostName = (string)parts["host"], Port = int.Parse((string)parts["port"], CultureInfo.InvariantCulture) };
        return factory.CreateConnectionAsync(cancellationToken);
    }

    /// <summary>One message.</summary>
    internal sealed record Sample(BasicProperties Properties, ReadOnlyMemory<byte> Body);
}
