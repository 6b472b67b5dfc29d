namespace Bank.Contracts;

/// <summary>Two amounts of different currencies met in one calculation: a bug in the caller.</summary>
public sealed class CurrencyMismatchException : InvalidOperationException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="expected">The currency of the calculation.</param>
    /// <param name="actual">The other currency.</param>
    public CurrencyMismatchException(string expected, string actual)
        : base($"An amount in {actual} cannot be combined with one in {expected}.")
    {
    }
}
