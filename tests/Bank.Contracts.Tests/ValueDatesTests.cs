using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bank.Contracts.Accounts;

namespace Bank.Contracts.Tests;

public sealed class ValueDatesTests
{
    [Theory]
    [InlineData("2026-03-31", true)]
    [InlineData("2028-02-29", true)]
    [InlineData("2026-02-29", false)]
    [InlineData("2026-3-1", false)]
    [InlineData("31.03.2026", false)]
    [InlineData("2026-03-31T00:00:00Z", false)]
    [InlineData(" 2026-03-31", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_value_date_is_a_day_of_ISO_8601(string? text, bool wellFormed) => Assert.Equal(wellFormed, ValueDates.IsWellFormed(text));

    [Theory]
    [InlineData("2026-03-01T12:00:00Z", "2026-03-01")]
    [InlineData("2026-03-29T00:30:00+02:00", "2026-03-28")]
    [InlineData("2026-10-25T23:30:00-05:00", "2026-10-26")]
    public void Without_a_value_date_money_counts_from_the_day_of_its_recording_in_UTC(string recorded, string day)
    {
        var at = DateTimeOffset.Parse(recorded, CultureInfo.InvariantCulture);
        Assert.Equal(day, ValueDates.Of(null, at));
        Assert.Equal("2026-02-27", ValueDates.Of("2026-02-27", at));
    }

    [Fact]
    public void A_booking_of_before_value_dates_existed_still_reads()
    {
        var json = JsonNode.Parse(Bank.Tests.GoldenFile.Read(nameof(MoneyDeposited)))!.AsObject();
        Assert.True(json.Remove(nameof(MoneyDeposited.ValueDate)));
        Assert.Null(json.Deserialize<MoneyDeposited>()!.ValueDate);
    }
}
