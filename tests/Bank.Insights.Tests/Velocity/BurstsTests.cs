using Bank.Insights.Velocity;

namespace Bank.Insights.Tests.Velocity;

public sealed class BurstsTests
{
    [Theory]
    [InlineData("five within ten minutes", "0 1 2 3 600", "4")]
    [InlineData("five within a moment more", "0 1 2 3 600.1", "")]
    [InlineData("four", "0 1 2 3", "")]
    [InlineData("more that follow as closely belong to the same burst", "0 1 2 3 4 5 6 7 8 9 10 11", "4")]
    [InlineData("a pause ends a burst, so another can begin", "0 1 2 3 4 5000 5001 5002 5003 5004", "4 9")]
    [InlineData("a slow stretch ends it too", "0 1 2 3 4 603 604 604 604", "4 8")]
    [InlineData("slow ones are none", "0 200 400 600 800 1000 1200", "")]
    [InlineData("a clock that was set back hides nothing", "100 99 98 97 96", "4")]
    public void A_burst_begins_with_the_fifth_transfer_within_ten_minutes(string why, string seconds, string begins)
    {
        var transfers = Transfers(seconds);
        Assert.True(begins == string.Join(' ', Bursts.Begin(transfers, 0).Select(burst => burst[^1].Version)), why);
        Assert.All(Bursts.Begin(transfers, 0), burst => Assert.Equal(Bursts.Transfers, burst.Count));
    }

    [Fact]
    public void Of_the_transfers_before_a_version_only_the_last_five_matter()
    {
        var transfers = Transfers("0 1 2 3 4 603 604 605 606 1300 1301 1302 1303 1304 1305");
        for (var from = 0; from < transfers.Count; from++)
        {
            var known = transfers.Skip(Math.Max(0, from - Bursts.Before)).ToList();
            Assert.Equal(
                Bursts.Begin(transfers, 0).Select(burst => burst[^1].Version).Where(version => version >= from), Bursts.Begin(known, from).Select(burst => burst[^1].Version));
        }
    }

    private static List<OutgoingTransfer> Transfers(string seconds) =>
    [
        .. seconds.Split(' ').Select((second, index) => new OutgoingTransfer(
            index, Guid.NewGuid(), PaymentStory.Start.AddSeconds(double.Parse(second, System.Globalization.CultureInfo.InvariantCulture)))),
    ];
}
