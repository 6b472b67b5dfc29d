using SkiaSharp;

namespace Bank.Projections.Tests.Pictures;

/// <summary>A PNG file as pixels, and where the line of balances runs in it.</summary>
internal sealed class DrawnPicture
{
    private readonly SKBitmap bitmap;
    private readonly int[] columns;

    public DrawnPicture(byte[] png)
    {
        bitmap = SKBitmap.Decode(png) ?? throw new ArgumentException("This is no picture.", nameof(png));
        columns = [.. Enumerable.Range(0, bitmap.Width).Where(x => Rows(x).Length > 0)];
        Assert.NotEmpty(columns);
    }

    public (int Width, int Height) Size => (bitmap.Width, bitmap.Height);

    /// <summary>How much of the width the line takes.</summary>
    public double LineWidth => (double)(columns[^1] - columns[0]) / bitmap.Width;

    /// <summary>Whether something is written left of the line.</summary>
    public bool HasAmounts => Enumerable.Range(0, columns[0] - 10).Any(x => Enumerable.Range(0, bitmap.Height).Any(y => bitmap.GetPixel(x, y).Red < 100));

    /// <summary>The row of the line in the middle of a day, from the top.</summary>
    public double RowOf(int day, int days) => Rows(columns[0] + (int)((day + 0.5) / days * (columns[^1] - columns[0]))).Average();

    private int[] Rows(int x) => [.. Enumerable.Range(0, bitmap.Height).Where(y => bitmap.GetPixel(x, y) is { Red: < 60, Green: < 60, Blue: > 100 and < 180 })];
}
