using System.Text.Json;
using Bank.Benchmarks.Measuring;

namespace Bank.Benchmarks.Tests;

/// <summary>What a report says of what was measured.</summary>
public sealed class ReportTests
{
    private static readonly Figure s_floor = new("floor", "events/s", [100, 10, 50]);

    [Fact]
    public void A_ratio_compares_each_round_with_itself()
    {
        var report = new Report("test");
        // A slow second round weighs on both.
        report.AddRatio("ratio", new Figure("ours", "events/s", [90, 20, 45]), s_floor, atLeast: null);
        var ratio = Assert.Single(report.Figures);
        Assert.Equal([0.9, 2, 0.9], ratio.Runs);
        Assert.Equal((0.9, 0.9, 2), (ratio.Median, ratio.Lowest, ratio.Highest));
        Assert.True(report.AllMet);
    }

    [Theory]
    [InlineData(0.9, true)]
    [InlineData(0.91, false)]
    public void A_target_of_a_ratio_is_met_by_its_median(double atLeast, bool met)
    {
        var report = new Report("test");
        report.AddRatio("ratio", new Figure("ours", "events/s", [90, 20, 45]), s_floor, atLeast);
        Assert.Equal(met, report.AllMet);
        var target = JsonDocument.Parse(report.ToJson()).RootElement.GetProperty("targets")[0];
        Assert.Equal(("ratio", 0.9, atLeast, met), (target.GetProperty("name").GetString(), target.GetProperty("value").GetDouble(), target.GetProperty("target").GetDouble(), target.GetProperty("met").GetBoolean()));
    }

    [Theory]
    [InlineData(50, true)]
    [InlineData(49, false)]
    public void Of_a_latency_less_is_better(double atMost, bool met)
    {
        var report = new Report("test");
        report.Add(s_floor, atMost);
        Assert.Equal(met, report.AllMet);
    }

    [Fact]
    public void The_median_of_an_even_number_is_between_the_two_in_the_middle() => Assert.Equal(2.5, Median.Of([4, 1, 3, 2]));
}
