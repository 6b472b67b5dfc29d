using System.Globalization;
using System.Text.Json;
using Bank.CommandLine.Verbs;
using Spectre.Console.Testing;

namespace Bank.CommandLine.Tests;

/// <summary>The chart as it is read in a terminal or a file.</summary>
public sealed class BalanceChartTests
{
    [Fact]
    public void Columns_stand_on_zero_and_hang_from_it()
    {
        var shown = Chart(100, [30.00m, 0m, -8.33m, 15.25m]);

        Assert.Equal(
            [
                "End-of-day balance of alice in EUR",
                " 30.00 │████",
                "       │████",
                "       │████",
                "       │████",
                "       │████        ▄▄▄▄",
                "       │████        ████",
                "       │████        ████",
                "       │████        ████",
                "       │████        ████",
                "  0.00 ┼────────────────",
                "       │        ████",
                "       │        ████",
                "-10.00 │        ▀▀▀▀",
                "        2026-03-01 2026-03-04",
                "Lowest -8.33 EUR on 2026-03-03, highest 30.00 EUR on 2026-03-01, at the end 15.25 EUR.",
            ],
            shown);
    }

    [Theory]
    [InlineData(1, 80)]
    [InlineData(30, 80)]
    [InlineData(3_653, 80)]
    [InlineData(3_653, 20)]
    [InlineData(365, 400)]
    public void It_fits_into_the_width_whatever_the_range(int days, int width)
    {
        var shown = Chart(width, [.. Enumerable.Range(0, days).Select(day => (decimal)(day % 50) - 10)]);

        Assert.Equal(12, shown.Count(line => line.Contains('│')));
        Assert.All(shown.Where(line => line.Contains('│') || line.Contains('┼')), line => Assert.InRange(line.Length, 1, Math.Min(width, 100)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.01)]
    [InlineData(-5)]
    [InlineData(79_000_000_000_000_000_000_000_000.0)]
    public void A_single_balance_can_be_drawn_and_is_seen_unless_it_is_zero(double balance)
    {
        var shown = Chart(80, [(decimal)balance]);

        Assert.Equal(balance != 0, shown.Any(line => line.Contains('█')));
        Assert.Equal(12, shown.Count(line => line.Contains('│')));
    }

    [Fact]
    public void A_small_balance_beside_a_large_one_is_seen() => Assert.Contains("▄", string.Concat(Chart(80, [1_000_000m, 0.01m])));

    [Fact]
    public void Of_several_days_in_a_column_the_last_is_shown_and_told()
    {
        var shown = Chart(17, [.. Enumerable.Range(1, 20).Select(day => day == 20 ? 10m : 0m)]);

        Assert.Contains("A column shows the last of 2 days.", string.Join(' ', shown));
        Assert.Contains("10.00 │         █", shown);
    }

    [Fact]
    public void A_console_without_Unicode_gets_ASCII()
    {
        var console = new TestConsole().Width(80);
        console.Profile.Capabilities.Unicode = false;
        BalanceChart.Print(console, EndOfDay([5m, -5m]));
        Assert.All(console.Output, letter => Assert.True(char.IsAscii(letter)));
        Assert.Contains("|####", console.Output);
    }

    private static string[] Chart(int width, decimal[] balances)
    {
        var console = new TestConsole().Width(width);
        BalanceChart.Print(console, EndOfDay(balances));
        return [.. console.Output.TrimEnd().Split('\n').Select(line => line.TrimEnd())];
    }

    private static JsonElement EndOfDay(decimal[] balances) => JsonSerializer.SerializeToElement(new
    {
        accountId = "alice",
        days = balances.Select((balance, index) => new
        {
            date = new DateOnly(2026, 3, 1).AddDays(index).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            balance = new { amount = balance.ToString("F2", CultureInfo.InvariantCulture), currency = "EUR" },
        }),
    });
}
