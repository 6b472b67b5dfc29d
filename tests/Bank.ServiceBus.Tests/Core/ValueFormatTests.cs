using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace Bank.ServiceBus.Tests.Core;

public sealed class ValueFormatTests
{
    [Fact]
    public void An_instant_is_written_in_universal_time_with_a_colon_before_the_microseconds() =>
        Assert.Equal(
            "2026-08-05 13:14:43:123456 Z",
            DateTimeOffsetHelper.ToWireFormattedString(new DateTimeOffset(2026, 8, 5, 15, 14, 43, TimeSpan.FromHours(2)).AddTicks(1234567)));

    [Fact]
    public void Every_instant_survives_to_the_microsecond_in_28_characters() =>
        Gen.Long[0, DateTimeOffset.MaxValue.Ticks].Sample(ticks =>
        {
            var instant = new DateTimeOffset(ticks - (ticks % 10), TimeSpan.Zero);
            var text = DateTimeOffsetHelper.ToWireFormattedString(instant);
            return text.Length == 28 && DateTimeOffsetHelper.ToDateTimeOffset(text) == instant;
        });

    [Theory]
    [InlineData("")]
    [InlineData("2026-08-05 13:14:43.123456 Z")]
    [InlineData("2026-08-05 13:14:43:123456")]
    [InlineData("2026-08-05T13:14:43Z")]
    [InlineData("2026-13-05 13:14:43:123456 Z")]
    [InlineData(" 2026-08-05 13:14:43:12345 Z")]
    public void Anything_else_is_not_an_instant(string text) => Assert.Throws<FormatException>(() => DateTimeOffsetHelper.ToDateTimeOffset(text));

    [Fact]
    public void A_generated_id_ends_in_days_since_1900_and_300ths_of_a_second()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(1900, 1, 3, 0, 0, 1, TimeSpan.Zero));
        var (first, second) = (CombGuid.NewText(clock), CombGuid.NewText(clock));

        Assert.NotEqual(first, second);
        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-00020000012c$", first);
    }
}
