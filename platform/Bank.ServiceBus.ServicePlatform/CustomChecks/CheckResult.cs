namespace Bank.ServiceBus.CustomChecks;

/// <summary>What came of a check.</summary>
public sealed class CheckResult
{
    /// <summary>All is well.</summary>
    public static readonly CheckResult Pass = new();

    /// <summary>Why the check failed; null when it passed.</summary>
    public string? FailureReason { get; private init; }

    /// <summary>Whether the check failed.</summary>
    public bool HasFailed { get; private init; }

    /// <summary>Something is wrong.</summary>
    /// <param name="reason">What, for people.</param>
    public static CheckResult Failed(string reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return new CheckResult { HasFailed = true, FailureReason = reason };
    }

    /// <summary>For checks that need not wait.</summary>
    public static implicit operator Task<CheckResult>(CheckResult result) => Task.FromResult(result);
}
