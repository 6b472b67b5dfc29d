using Bank.CommandLine.Client;

namespace Bank.CommandLine.Tests.Projections;

public sealed class BehindTests
{
    private static readonly HubView[] Hubs = [new("Bank.Accounts", true, 40, 42, null), new("Bank.Insights", false, -1, 7, null)];

    [Fact]
    public void What_lies_behind_the_last_event_taken_up_is_counted_by_endpoint()
    {
        Assert.Equal(2, Projection(("Bank.Accounts", 40)).Behind(Hubs));
        Assert.Equal(9, Projection(("Bank.Accounts", 35), ("Bank.Insights", 5)).Behind(Hubs));
        Assert.Equal(0, Projection(("Bank.Accounts", 43)).Behind(Hubs));
    }

    [Fact]
    public void It_is_not_known_before_the_first_event_or_when_the_endpoint_does_not_answer()
    {
        Assert.Null(Projection().Behind(Hubs));
        Assert.Null(Projection(("Bank.Accounts", 40)).Behind([]));
    }

    private static ProjectionView Projection(params (string Endpoint, long Position)[] positions) =>
        new("balances", 1, "Following", 1, null, null, null, positions.ToDictionary(pair => pair.Endpoint, pair => pair.Position), null);
}
