using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using Bank.ServiceBus.RabbitMQ;
using Bank.ServiceBus.Transport;
using Microsoft.Extensions.Logging.Abstractions;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Bank.ServiceBus.Transport.Tests.RabbitMq;

/// <summary>One delivery after the other, with a channel that only notes what it is told.</summary>
public sealed class MessageProcessingTests
{
    private readonly ConcurrentQueue<string> handled = new();
    private readonly CancellationTokenSource stopReceiving = new();
    private readonly RecordingChannel channel;
    private readonly Acknowledgements acknowledgements;
    private readonly MessageProcessing processing;

    public MessageProcessingTests()
    {
        var proxy = DispatchProxy.Create<IChannel, RecordingChannel>();
        channel = (RecordingChannel)proxy;
        var tuning = new RabbitMqReceiverSettings(concurrency => concurrency, null, TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        processing = new MessageProcessing(
            "queue", "error",
            (message, _) =>
            {
                handled.Enqueue(Encoding.UTF8.GetString(message.Body.Span));
                return Task.CompletedTask;
            },
            (_, _) => Task.FromResult(ErrorHandleResult.RetryRequired), publisher: null!, tuning,
            new HostSettings("queue", "test", true, (_, _, _) => { }, NullLoggerFactory.Instance, TimeProvider.System), stopReceiving.Token, CancellationToken.None);
        acknowledgements = new Acknowledgements(proxy, 1, processing.Remember);
    }

    [Fact]
    public async Task A_delayed_retry_that_overtakes_its_unacknowledged_original_is_handled_and_the_original_is_not()
    {
        channel.IsBroken = true;
        await Deliver(1, "original");
        channel.IsBroken = false;
        await Deliver(2, "delayed retry", retries: "1");
        await Deliver(3, "original again", redelivered: true);
        Assert.Equal(["original", "delayed retry"], handled);
        Assert.Equal(["BasicAckAsync 2", "BasicAckAsync 3"], channel.Done);
    }

    [Fact]
    public async Task A_message_that_cannot_be_moved_away_is_given_back_after_a_pause_that_a_stop_ends()
    {
        var delivery = Deliver(1, "no id", id: null);
        await Task.Delay(100);
        Assert.False(delivery.IsCompleted);
        await stopReceiving.CancelAsync();
        await delivery.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(["BasicRejectAsync 1"], channel.Done);
    }

    private Task Deliver(ulong tag, string body, string? retries = null, bool redelivered = false, string? id = "x")
    {
        var properties = new BasicProperties { Headers = new Dictionary<string, object?>() };
        if (id is not null) properties.MessageId = id;
        if (retries is not null) properties.Headers[Headers.DelayedRetries] = Encoding.UTF8.GetBytes(retries);
        return processing.Process(acknowledgements, new BasicDeliverEventArgs("tag", tag, redelivered, "", "", properties, Encoding.UTF8.GetBytes(body), CancellationToken.None));
    }
}

/// <summary>Notes acknowledgements and rejections; throws when broken.</summary>
public class RecordingChannel : DispatchProxy
{
    public ConcurrentQueue<string> Done { get; } = new();

    public bool IsBroken { get; set; }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == "get_IsOpen") return !IsBroken;
        if (IsBroken) throw new IOException("The connection is gone.");
        Done.Enqueue($"{targetMethod.Name} {args![0]}");
        return ValueTask.CompletedTask;
    }
}
