using Bank.ServiceBus.Transport;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Bank.ServiceBus.RabbitMQ;

/// <summary>One connection and channel that messages come through, as long as it lives.</summary>
internal sealed class Consumer
{
    private readonly IConnection connection;
    private readonly IChannel channel;
    private readonly Acknowledgements acknowledgements;
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string tag = "";
    private readonly HandlersUnderWay handlers;
    private readonly CancellationToken stop;

    private Consumer(IConnection connection, IChannel channel, Acknowledgements acknowledgements, HandlersUnderWay handlers, CancellationToken stop)
    {
        this.handlers = handlers;
        this.acknowledgements = acknowledgements;
        this.stop = stop;
        this.connection = connection;
        this.channel = channel;
        connection.ConnectionShutdownAsync += (_, reason) => End(reason.ReplyText);
        channel.ChannelShutdownAsync += (_, reason) => End(reason.ReplyText);
    }

    public string Reason { get; private set; } = "";

    public static async Task<Consumer> Start(
        BrokerConnections connections, ReceiveSettings settings, HostSettings host, int concurrency, RabbitMqReceiverSettings tuning,
        MessageProcessing processing, HandlersUnderWay handlers, CancellationToken stop, CancellationToken cancellationToken)
    {
        var queue = settings.ReceiveAddress.ToString();
        var connection = await connections.Open($"{queue} MessagePump", cancellationToken, (ushort)Math.Min(concurrency, ushort.MaxValue));
        try
        {
            var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            if (settings.PurgeOnStartup) await channel.QueuePurgeAsync(queue, cancellationToken);
            await channel.BasicQosAsync(0, tuning.PrefetchFor(concurrency), global: false, cancellationToken);
            var consumer = new Consumer(connection, channel, new Acknowledgements(channel, concurrency, processing.Remember), handlers, stop);
            var events = new Deliveries(channel, consumer);
            events.ReceivedAsync += (_, delivery) => consumer.Receive(delivery, processing);
            consumer.tag = await channel.BasicConsumeAsync(
                queue, autoAck: false, $"{host.HostDisplayName} - {host.Name}", noLocal: false, exclusive: false, arguments: null, events, cancellationToken);
            return consumer;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Completes when nothing comes any more, or it is to stop.</summary>
    public async Task Ended()
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(() => stopped.TrySetResult());
        await Task.WhenAny(ended.Task, stopped.Task);
    }

    /// <summary>Takes nothing more, waits for what is being handled, closes.</summary>
    public async Task Stop()
    {
        try
        {
            if (channel.IsOpen) await channel.BasicCancelAsync(tag);
        }
        catch (Exception exception) when (exception is AlreadyClosedException or OperationInterruptedException)
        {
            // The connection was lost at the same moment; the messages go back by themselves.
        }

        await handlers.None();
        await acknowledgements.Write();
        await Discard();
    }

    public async Task Discard()
    {
        await channel.DisposeAsync();
        await connection.DisposeAsync();
    }

    private async Task Receive(BasicDeliverEventArgs delivery, MessageProcessing processing)
    {
        handlers.Begin();
        acknowledgements.Begin();
        try
        {
            // What was prefetched but not begun goes back to the queue when the channel closes.
            if (!stop.IsCancellationRequested) await processing.Process(acknowledgements, delivery);
        }
        finally
        {
            await acknowledgements.End();
            handlers.End();
        }
    }

    /// <summary>The client raises an event when we cancel, but none when the broker does, as for a queue that was deleted or moved to another node.</summary>
    private sealed class Deliveries(IChannel channel, Consumer consumer) : AsyncEventingBasicConsumer(channel)
    {
        public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default) =>
            consumer.End("the broker has cancelled the consumer, as it does when the queue is deleted");
    }

    private Task End(string reason)
    {
        Reason = reason;
        ended.TrySetResult();
        return Task.CompletedTask;
    }
}
