using System.Text.Json;

namespace Bank.CommandLine.Running;

/// <summary>A running bank, as a file in its data directory tells it. Readable by its owner only: it may hold connection strings.</summary>
internal sealed record RunState(BankPlan Plan, Dictionary<string, RunningEndpoint> Processes)
{
    private const string FileName = "run.json";
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <exception cref="VerbException">What is there cannot be read.</exception>
    public static RunState? Read(string dataDirectory)
    {
        var file = Path.Combine(dataDirectory, FileName);
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize<RunState>(File.ReadAllText(file), Json) : null;
        }
        catch (JsonException exception)
        {
            throw new VerbException(ExitCode.Unavailable, $"{file} cannot be read: {exception.Message}");
        }
    }

    /// <exception cref="VerbException">No bank was started there.</exception>
    public static RunState Require(string dataDirectory) =>
        Read(dataDirectory) ?? throw new VerbException(ExitCode.Unavailable, $"No bank was started in {dataDirectory}; 'bank up' starts one.");

    public void Save()
    {
        Directory.CreateDirectory(Plan.DataDirectory);
        var file = Path.Combine(Plan.DataDirectory, FileName);
        // Whole or not at all, and never readable by others: it is moved into place when it is both.
        var next = file + ".next";
        File.WriteAllText(next, "");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(next, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(next, JsonSerializer.Serialize(this, Json));
        File.Move(next, file, overwrite: true);
    }
}

/// <summary>A process, with its start so that another one with the same number is not mistaken for it.</summary>
internal sealed record RunningEndpoint(int ProcessId, DateTime StartedUtc);
