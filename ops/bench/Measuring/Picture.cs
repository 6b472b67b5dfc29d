using ScottPlot;

namespace Bank.Benchmarks.Measuring;

/// <summary>Draws the figures of a report as bars.</summary>
public static class Picture
{
    private const int Width = 1100;
    private const int HeightPerBar = 45;
    private const int HeightAround = 140;

    /// <param name="report">What was measured.</param>
    /// <param name="unit">Only figures of this unit are drawn.</param>
    /// <param name="file">A PNG file; overwritten.</param>
    public static void Save(Report report, string unit, string file)
    {
        var figures = report.Figures.Where(figure => figure.Unit == unit).Reverse().ToArray();
        using var plot = new Plot();
        plot.Title(report.Name);
        plot.XLabel(unit);
        var bars = plot.Add.Bars(figures.Select((figure, index) => new Bar
        {
            Position = index,
            Value = figure.Median,
            Label = figure.Median.ToString("#,0", System.Globalization.CultureInfo.InvariantCulture),
            Orientation = Orientation.Horizontal,
        }).ToArray());
        bars.Horizontal = true;
        plot.Axes.Left.SetTicks([.. Enumerable.Range(0, figures.Length).Select(index => (double)index)], [.. figures.Select(figure => figure.Name)]);
        plot.Axes.Margins(left: 0, right: 0.15);
        plot.SavePng(file, Width, HeightAround + HeightPerBar * figures.Length);
    }
}
