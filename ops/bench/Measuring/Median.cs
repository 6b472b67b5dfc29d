namespace Bank.Benchmarks.Measuring;

/// <summary>The value in the middle, which a few disturbed runs do not move.</summary>
public static class Median
{
    public static double Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
