using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Bank.LocalServers;

/// <summary>Runs programs of the operating system.</summary>
internal static class Commands
{
    /// <summary>Runs a program to its end and returns what it printed.</summary>
    /// <exception cref="LocalServerException">It failed; the message holds what it printed.</exception>
    public static async Task<string> Run(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        using var process = Start(program, arguments, environment, null);
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
            throw new LocalServerException($"{Path.GetFileName(program)} failed with exit code {process.ExitCode}: {(await errors).Trim()} {(await output).Trim()}");
        return await output;
    }

    /// <summary>Starts a program that goes on by itself; what it prints goes to a file when one is named.</summary>
    public static Process Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string? logFile)
    {
        ProcessStartInfo start;
        if (logFile is null)
        {
            start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        }
        else
        {
            // In a session of its own, so that it survives the terminal that started it; exec keeps the process id.
            start = new ProcessStartInfo("setsid", ["/bin/sh", "-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", logFile, program, .. arguments]);
        }

        foreach (var (key, value) in environment) start.Environment[key] = value;
        return Process.Start(start) ?? throw new LocalServerException($"{program} could not be started.");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int processId, int signal);

    [DllImport("libc", EntryPoint = "geteuid")]
    private static extern uint EffectiveUser();

    public static bool IsRoot => EffectiveUser() == 0;

    public static void Signal(Process process, int signal) => _ = SendSignal(process.Id, signal);
}
