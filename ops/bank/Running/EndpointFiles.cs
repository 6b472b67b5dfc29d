namespace Bank.CommandLine.Running;

/// <summary>Finds the programs of the endpoints.</summary>
internal static class EndpointFiles
{
    private const string Variable = "BANK_ENDPOINTS";

    /// <summary>The program of an endpoint: in the folder that <c>BANK_ENDPOINTS</c> names, else where the build of this repository puts it.</summary>
    /// <exception cref="VerbException">It is in neither place.</exception>
    public static string Find(string endpoint)
    {
        var file = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder
            ? Path.Combine(folder, endpoint, endpoint + ".dll")
            : Path.Combine(Repository(), "endpoints", endpoint, "bin", Configuration(), "net10.0", endpoint + ".dll");
        return File.Exists(file) ? file : throw new VerbException(ExitCode.Unavailable, $"{endpoint} was not found at {file}; build it, or name its folder in {Variable}.");
    }

    /// <summary>The folder of the repository that this program was built from.</summary>
    public static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Bank.Messaging.sln"))) return folder.FullName;
        }

        throw new VerbException(ExitCode.Unavailable, $"This program does not lie in its repository; name the folder of the endpoints in {Variable}.");
    }

    private static string Configuration() =>
        AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";
}
