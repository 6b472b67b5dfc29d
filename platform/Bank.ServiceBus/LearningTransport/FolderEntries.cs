using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Bank.ServiceBus.Learning;

/// <summary>Makes the names in a folder as durable as the files behind them.</summary>
internal static class FolderEntries
{
    private const int ReadOnly = 0;

    /// <summary>Returns when every name made in the folder before would survive a power failure. Windows gives that by its own journal.</summary>
    /// <exception cref="IOException">The folder cannot be opened or flushed.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var descriptor = Open(folder, ReadOnly);
        if (descriptor < 0) throw new IOException($"The folder '{folder}' cannot be opened: error {Marshal.GetLastPInvokeError()}.");
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.FlushToDisk(handle);
    }

    // The library opens files only, and a folder is flushed like a file.
    [DllImport("libc", EntryPoint = "open", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
}
