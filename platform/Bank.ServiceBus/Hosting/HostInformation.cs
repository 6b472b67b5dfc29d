using System.Security.Cryptography;
using System.Text;

namespace Bank.ServiceBus.Hosting;

/// <summary>Who the running instance is, as headers tell it.</summary>
internal sealed record HostInformation(string EndpointName, string MachineName, string HostId, string DisplayName)
{
    /// <summary>The program that was started: its own assembly where that is run by <c>dotnet</c>, so that programs differ.</summary>
    public static string ExecutablePath => Environment.GetCommandLineArgs() is [{ Length: > 0 } path, ..] ? Path.GetFullPath(path) : Environment.ProcessPath ?? "";

    public static HostInformation Of(EndpointConfiguration configuration)
    {
        var machine = Environment.MachineName;
        var id = configuration.Values.HostId ?? IdOf(ExecutablePath, machine);
        return new HostInformation(configuration.EndpointName, machine, id.ToString("N"), configuration.Values.HostDisplayName ?? machine);
    }

    // MD5 as a fingerprint that is the same after each restart, not for security.
    public static Guid IdOf(params string[] names) => new(MD5.HashData(Encoding.UTF8.GetBytes(string.Concat(names))));
}
