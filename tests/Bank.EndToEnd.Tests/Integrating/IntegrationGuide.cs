using Bank.Tests;

namespace Bank.EndToEnd.Tests.Integrating;

/// <summary>The examples of docs/integrating.md, as they stand there.</summary>
internal static class IntegrationGuide
{
    private const string Fence = "```";

    /// <summary>The only example in a language.</summary>
    public static string Example(string language)
    {
        var lines = File.ReadAllLines(Path.Combine(SourceTree.Root, "docs", "integrating.md"));
        var start = Assert.Single(Enumerable.Range(0, lines.Length), line => lines[line] == Fence + language) + 1;
        return string.Join('\n', lines[start..Array.IndexOf(lines, Fence, start)]) + "\n";
    }
}
