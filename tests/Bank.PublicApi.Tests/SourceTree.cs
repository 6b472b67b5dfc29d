namespace Bank.Tests;

/// <summary>Where the sources lie: found from the built files upwards, for a deterministic build leaves no real path in them.</summary>
internal static class SourceTree
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Bank.Messaging.sln"))) return folder.FullName;
        }
        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Bank.Messaging.sln.");
    }
}
