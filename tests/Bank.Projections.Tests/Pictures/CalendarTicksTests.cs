using Bank.Projections.Pictures;

namespace Bank.Projections.Tests.Pictures;

public sealed class CalendarTicksTests
{
    [Theory]
    [InlineData("2026-03-01", 1, 7, "2026-03-01")]
    [InlineData("2026-03-01", 3, 7, "2026-03-01 2026-03-02 2026-03-03")]
    [InlineData("2026-02-27", 30, 7, "2026-02-27 2026-03-06 2026-03-13 2026-03-20 2026-03-27")]
    [InlineData("2026-01-15", 120, 7, "2026-02-01 2026-03-01 2026-04-01 2026-05-01")]
    [InlineData("2016-03-01", 3_653, 7, "2018-01-01 2020-01-01 2022-01-01 2024-01-01 2026-01-01")]
    [InlineData("2016-03-01", 3_653, 2, "2020-01-01 2025-01-01")]
    [InlineData("2026-01-02", 29, 2, "2026-01-02")]
    public void As_many_days_are_named_as_fit_at_round_distances(string from, int days, int most, string expected) =>
        Assert.Equal(expected, string.Join(' ', CalendarTicks.Of(DateOnly.Parse(from), days, most).Select(tick => tick.Label)));

    [Fact]
    public void At_least_one_day_is_named_and_never_more_than_fit()
    {
        for (var days = 1; days <= 3_653; days += 7)
        {
            for (var most = 1; most <= 18; most++)
            {
                var ticks = CalendarTicks.Of(new DateOnly(2016, 1, 2), days, most);
                Assert.InRange(ticks.Count, 1, most);
                Assert.All(ticks, tick => Assert.InRange(tick.Index, 0, days - 1));
            }
        }
    }
}
