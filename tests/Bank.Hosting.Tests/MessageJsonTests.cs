using System.Text.Json;

namespace Bank.Hosting.Tests;

/// <summary>Runs in a time zone far from UTC, which <c>tests/far-from-utc.runsettings</c> chooses.</summary>
public sealed class MessageJsonTests
{
    private const string Reminder = """{"Cost":{"Units":1,"Code":"EUR"},"At":"2026-03-31T12:00:00"}""";

    [Theory]
    [InlineData("\"Units\":1,", "Units")]
    [InlineData(",\"Code\":\"EUR\"", "Code")]
    public void A_value_without_one_of_its_members_is_refused_by_name(string left, string name)
    {
        var json = Reminder.Replace(left, "", StringComparison.Ordinal);
        foreach (var options in new[] { MessageJson.Options, MessageJson.Web })
            Assert.Contains(name, Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Remind>(json, options)).Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("2026-03-31T12:00:00", 12)]
    [InlineData("2026-03-31T12:00:00Z", 12)]
    [InlineData("2026-03-31T12:00:00+02:00", 10)]
    [InlineData("2026-03-31T12:00:00.1234567-05:00", 17)]
    public void An_instant_without_offset_is_UTC_wherever_the_endpoint_runs(string text, int hour)
    {
        Assert.NotEqual(TimeSpan.Zero, TimeZoneInfo.Local.BaseUtcOffset);
        var read = JsonSerializer.Deserialize<Remind>(Reminder.Replace("2026-03-31T12:00:00", text, StringComparison.Ordinal), MessageJson.Options)!;
        Assert.Equal(hour, read.At!.Value.UtcDateTime.Hour);
    }

    [Fact]
    public void What_is_written_is_as_the_defaults_write_it()
    {
        var message = new Remind { Cost = new Price(1, "EUR"), At = new DateTimeOffset(2026, 3, 31, 12, 0, 0, 120, TimeSpan.FromHours(2)) };
        Assert.Equal(JsonSerializer.Serialize(message), JsonSerializer.Serialize(message, MessageJson.Options));
        Assert.Equal(message, JsonSerializer.Deserialize<Remind>(JsonSerializer.Serialize(message), MessageJson.Options));
    }

    private sealed record Price(long Units, string Code);

    private sealed record Remind
    {
        public required Price Cost { get; init; }

        public DateTimeOffset? At { get; init; }
    }
}
