using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Bank.Projections.Pictures;

/// <summary>Draws end-of-day balances as a line of steps, one for each day, filled down or up to zero.</summary>
internal static class BalancePicture
{
    private const int PixelsPerDate = 110;
    private const double Margin = 0.08;

    // Long amounts would leave no room for the line.
    private static readonly (double Size, string Name)[] Units = [(1e12, " trillion"), (1e9, " billion"), (1e6, " million")];

    static BalancePicture() => PictureFont.Register();

    /// <param name="title">What is shown; characters beyond ASCII appear as boxes.</param>
    /// <param name="currency">Named at the axis of amounts.</param>
    /// <param name="from">The first day.</param>
    /// <param name="balances">The balance of each day in the main unit; at least one.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <returns>A PNG file.</returns>
    public static byte[] Draw(string title, string currency, DateOnly from, IReadOnlyList<double> balances, int width, int height)
    {
        var (lowest, highest) = (Math.Min(0, balances.Min()), Math.Max(0, balances.Max()));
        if (lowest == highest) highest = 1;
        var (size, unit) = Array.Find(Units, unit => Math.Max(highest, -lowest) >= unit.Size) is { Size: > 0 } large ? large : (1, "");

        using var plot = new Plot();
        plot.Font.Set(PictureFont.Name);
        plot.Axes.Title.Label.Text = title;
        plot.Axes.Left.Label.Text = currency + unit;
        plot.Axes.Left.TickGenerator = new NumericAutomatic { LabelFormatter = value => (value / size).ToString("#,0.###", CultureInfo.InvariantCulture) };
        var dates = CalendarTicks.Of(from, balances.Count, Math.Max(1, width / PixelsPerDate));
        plot.Axes.Bottom.TickGenerator = new NumericManual([.. dates.Select(date => date.Index + 0.5)], [.. dates.Select(date => date.Label)]);

        plot.Add.HorizontalLine(0, width: 1, color: Colors.Black);
        // A day reaches from its index to the next, so the last one needs an end.
        var line = plot.Add.Scatter(Enumerable.Range(0, balances.Count + 1).Select(index => (double)index).ToArray(), [.. balances, balances[^1]]);
        line.ConnectStyle = ConnectStyle.StepHorizontal;
        line.MarkerSize = 0;
        line.LineWidth = 2;
        line.LineColor = Colors.Navy;
        line.FillY = true;
        line.FillYAboveColor = Colors.SteelBlue.WithAlpha(0.25);
        line.FillYBelowColor = Colors.Crimson.WithAlpha(0.25);
        var room = (highest - lowest) * Margin;
        plot.Axes.SetLimits(0, balances.Count, lowest < 0 ? lowest - room : 0, highest > 0 ? highest + room : 0);
        return plot.GetImageBytes(width, height, ImageFormat.Png);
    }
}
