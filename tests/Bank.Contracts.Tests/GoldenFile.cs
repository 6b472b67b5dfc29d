namespace Bank.Tests;

/// <summary>Text that others rely on, compared exactly with what is under version control.</summary>
internal static class GoldenFile
{
    private const string RewriteTo = "BANK_GOLDEN_REWRITE";

    /// <summary>Compares with Golden/{name}.golden.json. To accept a change, name the source folder in BANK_GOLDEN_REWRITE and read the diff.</summary>
    public static void Check(string name, string actual)
    {
        var file = name + ".golden.json";
        if (Environment.GetEnvironmentVariable(RewriteTo) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, file), actual + "\n");
            return;
        }

        Assert.Equal(Read(name), actual);
    }

    public static string Read(string name) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", name + ".golden.json")).TrimEnd('\n');

    public static IEnumerable<string> Names() =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Golden"), "*.golden.json")
            .Select(path => Path.GetFileName(path).Replace(".golden.json", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
}
