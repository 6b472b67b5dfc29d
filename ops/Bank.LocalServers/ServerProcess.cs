using System.Diagnostics;
using System.Text.Json;

namespace Bank.LocalServers;

/// <summary>A process that outlives the one that started it, remembered by a file in its folder.</summary>
internal sealed record ServerProcess(int ProcessId, DateTime StartedUtc, int[] Ports)
{
    private const string FileName = "server.json";

    public static ServerProcess? Read(string folder)
    {
        var file = Path.Combine(folder, FileName);
        return File.Exists(file) ? JsonSerializer.Deserialize<ServerProcess>(File.ReadAllText(file)) : null;
    }

    public void Save(string folder) => File.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this));

    public static void Forget(string folder) => File.Delete(Path.Combine(folder, FileName));

    /// <summary>The process, if it still runs; never another one that was given the same number.</summary>
    public Process? Find()
    {
        try
        {
            var process = Process.GetProcessById(ProcessId);
            return Math.Abs((process.StartTime.ToUniversalTime() - StartedUtc).TotalSeconds) < 2 && !process.HasExited ? process : null;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    public static ServerProcess Of(Process process, params int[] ports) => new(process.Id, process.StartTime.ToUniversalTime(), ports);
}
