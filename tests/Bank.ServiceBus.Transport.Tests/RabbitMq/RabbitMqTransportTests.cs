using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Transport.Tests.RabbitMq;

public sealed class PrefetchTests
{
    [Theory]
    [InlineData(4, 4)]
    [InlineData(4, 3)]
    [InlineData(4, -1)]
    [InlineData(65535, 70_000)]
    [InlineData(50, 50)]
    public void What_is_taken_ahead_is_not_less_than_what_is_handled_at_a_time_and_no_more_than_the_protocol_can_say(int taken, long calculated) =>
        Assert.Equal(taken, new RabbitMQ.RabbitMqReceiverSettings(_ => calculated, null, TimeSpan.Zero, TimeSpan.Zero).PrefetchFor(4));

    [Fact]
    public void Unless_configured_three_times_as_many_are_taken_ahead()
    {
        var transport = new RabbitMQTransport(RoutingTopology.Conventional(QueueType.Quorum), "host=localhost");
        Assert.Equal(12, transport.PrefetchCountCalculation(4));
        Assert.Equal(
            (TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(2)), (transport.HeartbeatInterval, transport.NetworkRecoveryInterval, transport.TimeToWaitBeforeTriggeringCircuitBreaker));
        Assert.Equal([TransportTransactionMode.ReceiveOnly], transport.GetSupportedTransactionModes());
    }
}

[Collection(Broker.EventTypes)]
public sealed class QuorumQueueTests : TransportBehaviour
{
    protected override TransportDefinition Create() => Broker.Transport(QueueType.Quorum);

    protected override Task DeleteQueue(string address) => Broker.DeleteQueue(address);
}

[Collection(Broker.EventTypes)]
public sealed class ClassicQueueTests : TransportBehaviour
{
    protected override TransportDefinition Create() => Broker.Transport(QueueType.Classic);

    protected override Task DeleteQueue(string address) => Broker.DeleteQueue(address);
}
