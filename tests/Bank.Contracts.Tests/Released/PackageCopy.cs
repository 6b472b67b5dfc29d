using System.Diagnostics;
using Bank.Tests;

namespace Bank.Contracts.Tests.Released;

/// <summary>A copy of the sources of the contracts, to be changed and packed as a release is.</summary>
internal sealed class PackageCopy : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("bank-contracts-").FullName;

    private PackageCopy()
    {
        foreach (var file in Sources()) Copy(file);
    }

    /// <summary>Packs the contracts with some changes of their sources.</summary>
    /// <param name="changes">File by file, the text to replace and what comes in its place; null for a new file.</param>
    /// <returns>Whether there is a package, and what the build said.</returns>
    public static async Task<(bool Packed, string Output)> Pack(params (string File, string? Old, string New)[] changes)
    {
        using var copy = new PackageCopy();
        foreach (var (file, old, @new) in changes) copy.Change(file, old, @new);
        return await copy.Pack();
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    private static IEnumerable<string> Sources() =>
    [
        "Directory.Build.props", "Directory.Packages.props", "global.json",
        .. Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "contracts"), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(SourceTree.Root, path))
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")),
    ];

    private void Copy(string file)
    {
        var target = Path.Combine(root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(Path.Combine(SourceTree.Root, file), target);
    }

    private void Change(string file, string? old, string @new)
    {
        var path = Path.Combine(root, "contracts", "Bank.Contracts", file);
        var text = old is null ? "" : File.ReadAllText(path);
        if (old is not null) Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(path, old is null ? @new : text.Replace(old, @new, StringComparison.Ordinal));
    }

    private async Task<(bool Packed, string Output)> Pack()
    {
        var start = new ProcessStartInfo("dotnet", ["pack", "contracts/Bank.Contracts", "--output", root, "-nologo", "-verbosity:quiet", "-nodeReuse:false", "-p:GenerateDocumentationFile=false"])
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What the test run itself was started with must not reach the build.
        foreach (var name in start.Environment.Keys.Where(key => key.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToArray()) start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        return (process.ExitCode == 0, output);
    }
}
