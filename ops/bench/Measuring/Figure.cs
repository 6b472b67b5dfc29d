namespace Bank.Benchmarks.Measuring;

/// <summary>Something measured several times.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Unit">What a value counts.</param>
/// <param name="Runs">Every value, in the order of measuring.</param>
public sealed record Figure(string Name, string Unit, IReadOnlyList<double> Runs)
{
    public double Median => Measuring.Median.Of(Runs);

    public double Lowest => Runs.Min();

    public double Highest => Runs.Max();
}
