namespace Bank.CommandLine;

/// <summary>What the exit codes of <c>bank</c> mean.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Done, and the answer is no: a request was refused, an invariant is broken, an endpoint is unhealthy.</summary>
    public const int Refused = 1;

    /// <summary>The command line, a file or a value is malformed; nothing was done.</summary>
    public const int Malformed = 2;

    /// <summary>The bank, or a server that it needs, does not run or does not answer.</summary>
    public const int Unavailable = 3;
}

/// <summary>Ends a verb with a message for the person and an exit code for the script.</summary>
internal class VerbException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}

/// <summary>The idempotency key of a request was used before, for a request with another content.</summary>
internal sealed class KeyUsedException(string message) : VerbException(CommandLine.ExitCode.Malformed, message);
