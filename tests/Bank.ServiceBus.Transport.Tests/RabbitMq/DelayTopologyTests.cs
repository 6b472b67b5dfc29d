using Bank.ServiceBus.RabbitMQ;
using CsCheck;

namespace Bank.ServiceBus.Transport.Tests.RabbitMq;

public sealed class DelayTopologyTests
{
    private const int Levels = 28;

    [Fact]
    public void Ten_seconds_begin_at_the_level_of_eight()
    {
        var (exchange, key) = DelayTopology.Route(10, "Bank.Orders");
        Assert.Equal("nsb.v2.delay-level-03", exchange);
        Assert.Equal(string.Concat(Enumerable.Repeat("0.", 24)) + "1.0.1.0.Bank.Orders", key);
    }

    [Fact]
    public void No_delay_begins_at_the_lowest_level() => Assert.Equal("nsb.v2.delay-level-00", DelayTopology.Route(0, "a").Exchange);

    [Fact]
    public void The_bits_of_the_key_add_up_to_the_delay_and_the_exchange_is_that_of_the_highest() =>
        Gen.Int[0, (1 << Levels) - 1].Sample(seconds =>
        {
            var (exchange, key) = DelayTopology.Route(seconds, "a.b");
            var parts = key.Split('.');
            Assert.Equal(["a", "b"], parts[Levels..]);
            Assert.Equal(seconds, parts[..Levels].Aggregate(0, (sum, bit) => (sum * 2) + int.Parse(bit)));
            Assert.Equal(DelayTopology.LevelName(seconds == 0 ? 0 : (int)Math.Log2(seconds)), exchange);
        });

    [Theory]
    [InlineData(-5, 0)]
    [InlineData(0, 0)]
    [InlineData(0.001, 1)]
    [InlineData(1, 1)]
    [InlineData(2592000, 2592000)]
    public void Delays_are_whole_seconds_rounded_up(double delay, int seconds) => Assert.Equal(seconds, DelayTopology.Seconds(TimeSpan.FromSeconds(delay)));

    [Fact]
    public void What_is_longer_than_eight_years_is_refused()
    {
        Assert.Equal(268_435_455, DelayTopology.Seconds(TimeSpan.FromSeconds(268_435_455)));
        Assert.Throws<InvalidOperationException>(() => DelayTopology.Seconds(TimeSpan.FromSeconds(268_435_456)));
    }
}
