using System.ComponentModel;
using System.Diagnostics;

namespace Bank.EndToEnd.Tests.Integrating;

/// <summary>A Python with pika, if there is one: the first in the path, or that of the distribution, which has packages of its own.</summary>
internal static class Python
{
    public static string? WithPika { get; } = new[] { "python3", "/usr/bin/python3" }.FirstOrDefault(HasPika);

    private static bool HasPika(string python)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", "import pika"]) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
