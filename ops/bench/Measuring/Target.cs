namespace Bank.Benchmarks.Measuring;

/// <summary>What a figure should reach at least.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Least">What it should be at least; in the JSON this is <c>target</c>.</param>
public sealed record Target(string Name, double Value, double Least)
{
    public bool Met => Value >= Least;
}
