namespace Bank.Benchmarks.Measuring;

/// <summary>What a figure should reach.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Bound">What it should be at least, or at most; in the JSON this is <c>target</c>.</param>
/// <param name="AtMost">Whether less is better.</param>
public sealed record Target(string Name, double Value, double Bound, bool AtMost = false)
{
    public bool Met => AtMost ? Value <= Bound : Value >= Bound;
}
