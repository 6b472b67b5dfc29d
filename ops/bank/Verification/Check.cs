namespace Bank.CommandLine.Verification;

/// <summary>What a check has found.</summary>
/// <param name="Name">What must hold.</param>
/// <param name="Compared">How many facts were compared.</param>
/// <param name="What">What they were.</param>
/// <param name="Broken">Each fact that does not hold, named by id; empty when all hold.</param>
internal sealed record CheckResult(string Name, long Compared, string What, IReadOnlyList<string> Broken)
{
    public bool Holds => Broken.Count == 0;
}
