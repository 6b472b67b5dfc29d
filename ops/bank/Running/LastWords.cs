namespace Bank.CommandLine.Running;

/// <summary>Finds in the log of a process why it ended.</summary>
internal static class LastWords
{
    // As .NET writes what nobody caught; inner exceptions follow behind arrows, then where it came from.
    private const string Uncaught = "Unhandled exception. ";
    private const string Inner = " ---> ";

    /// <summary>What nobody caught, with its inner exceptions, in one line; the last line that says something when all was caught; empty when there is no log.</summary>
    /// <param name="logFile">The log; it may be missing.</param>
    /// <param name="begin">Where the log of this process begins, in bytes.</param>
    public static string In(string logFile, long begin)
    {
        if (!File.Exists(logFile)) return "";
        using var file = new FileStream(logFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = begin;
        using var log = new StreamReader(file);
        var (words, last) = (new List<string>(), "");
        while (log.ReadLine() is { } line)
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            last = line.Trim();
            if (line.StartsWith(Uncaught, StringComparison.Ordinal)) words = [line[Uncaught.Length..].Trim()];
            else if (words.Count > 0 && line.StartsWith(Inner, StringComparison.Ordinal)) words.Add(last);
        }

        return words.Count > 0 ? string.Join(' ', words) : last;
    }
}
