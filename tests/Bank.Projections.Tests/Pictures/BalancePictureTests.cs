using Bank.Projections.Pictures;
using ScottPlot;

namespace Bank.Projections.Tests.Pictures;

public sealed class BalancePictureTests
{
    private static readonly DateOnly From = new(2026, 3, 1);

    [Fact]
    public void The_line_runs_as_high_as_the_balance_of_each_day()
    {
        var picture = Drawn([100, 50, 0, -50]);

        var rows = Enumerable.Range(0, 4).Select(day => picture.RowOf(day, 4)).ToArray();
        var fifty = rows[1] - rows[0];
        Assert.InRange(fifty, 50, 150);
        Assert.InRange(rows[2] - rows[1], fifty - 2, fifty + 2);
        Assert.InRange(rows[3] - rows[2], fifty - 2, fifty + 2);
        Assert.InRange(picture.LineWidth, 0.7, 1);
    }

    [Theory]
    [InlineData(new[] { 0.0 })]
    [InlineData(new[] { 0.01 })]
    [InlineData(new[] { -100.0 })]
    [InlineData(new[] { -1e6, -1e6 })]
    [InlineData(new[] { 92_233_720_368_547_758.07, 92_233_720_368_547_758.06, -92_233_720_368_547_758.08 })]
    [InlineData(new[] { 7.9e26, -7.9e26, 0.01 })]
    public void Every_balance_can_be_drawn(double[] balances)
    {
        var picture = Drawn(balances);
        Assert.Equal((800, 400), picture.Size);
        Assert.InRange(picture.LineWidth, 0.6, 1);
        Assert.True(picture.HasAmounts);
        Assert.InRange(picture.RowOf(0, balances.Length), 1, 399);
    }

    [Theory]
    [InlineData(1, 300, 200)]
    [InlineData(3_653, 300, 200)]
    [InlineData(3_653, 2_000, 2_000)]
    public void Every_range_can_be_drawn_in_every_size(int days, int width, int height)
    {
        foreach (var from in new[] { DateOnly.MinValue, From, DateOnly.MaxValue.AddDays(1 - days) })
        {
            var picture = new DrawnPicture(BalancePicture.Draw("t", "EUR", from, [.. Enumerable.Range(0, days).Select(day => 1_000 + Math.Sin(day))], width, height));
            Assert.Equal((width, height), picture.Size);
            Assert.InRange(picture.LineWidth, 0.5, 1);
        }
    }

    [Fact]
    public void What_is_written_comes_from_the_font_of_the_endpoint()
    {
        Drawn([1]);
        var letters = Fonts.GetTypeface(PictureFont.Name, bold: false, italic: false);
        Assert.InRange(letters.GlyphCount, 95, 120);
        Assert.True(letters.ContainsGlyphs(new string([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(letter => (char)letter)])));
        Assert.NotEqual(BalancePicture.Draw("t", "EUR", From, [1], 800, 400), BalancePicture.Draw("t", "USD", From, [1], 800, 400));
        Assert.NotEqual(BalancePicture.Draw("t", "EUR", From, [1], 800, 400), BalancePicture.Draw("u", "EUR", From, [1], 800, 400));
    }

    [Fact]
    public void Many_can_be_drawn_at_once()
    {
        var alone = BalancePicture.Draw("t", "EUR", From, [1, 2, 3], 800, 400);
        var together = new byte[40][];
        Parallel.For(0, together.Length, index => together[index] = BalancePicture.Draw("t", "EUR", From, [1, 2, 3], 800, 400));
        Assert.All(together, picture => Assert.Equal(alone, picture));
    }

    private static DrawnPicture Drawn(IReadOnlyList<double> balances) => new(BalancePicture.Draw("Balance of a", "EUR", From, balances, 800, 400));
}
