using Bank.ServiceBus.RabbitMQ;
using CsCheck;

namespace Bank.ServiceBus.Transport.Tests.RabbitMq;

public sealed class SettledDeliveriesTests
{
    [Fact]
    public void While_one_delivery_is_not_settled_nothing_is_kept_of_those_after_it()
    {
        var settled = new SettledDeliveries();
        settled.Add(1);
        for (var tag = 3UL; tag < 100_000; tag++) settled.Add(tag);
        Assert.Equal((1UL, 1), (settled.UpTo, settled.Open));
        settled.Add(2);
        Assert.Equal((99_999UL, 0), (settled.UpTo, settled.Open));
    }

    [Fact]
    public void In_whatever_order_they_are_settled_it_tells_up_to_where_all_are() =>
        Gen.Shuffle(Enumerable.Range(1, 30).Select(tag => (ulong)tag).ToArray()).Sample(order =>
        {
            var (settled, seen) = (new SettledDeliveries(), new HashSet<ulong>());
            foreach (var tag in order)
            {
                settled.Add(tag);
                settled.Add(tag);
                seen.Add(tag);
                var upTo = 0UL;
                while (seen.Contains(upTo + 1)) upTo++;
                Assert.Equal(upTo, settled.UpTo);
            }
        });
}
