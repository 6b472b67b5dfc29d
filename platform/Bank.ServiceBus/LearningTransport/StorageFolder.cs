namespace Bank.ServiceBus.Learning;

/// <summary>The layout of the shared folder: one folder a queue, with <c>.delayed</c> and <c>.taken</c> inside, and <c>.events</c> for subscriptions.</summary>
internal sealed class StorageFolder(string root)
{
    private const string Extension = ".json";

    /// <summary>Of a message that is still being written.</summary>
    public const string TemporaryExtension = ".tmp";

    private long sequence;

    public string Root { get; } = root;

    public string EventsFolder => Path.Combine(Root, ".events");

    /// <summary>A folder of that name beside the nearest solution file, or the nearest that exists, above the folder of the program; so several programs of one solution share it.</summary>
    public static string FindDefault(string name) => FindDefault(name, AppContext.BaseDirectory);

    internal static string FindDefault(string name, string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, name)) || folder.EnumerateFiles("*.sln*").Any())
                return Path.Combine(folder.FullName, name);
        }

        throw new InvalidOperationException($"StorageDirectory: no folder above '{from}' holds a solution file or a folder {name}; make one there, or set it.");
    }

    public string QueueFolder(string address)
    {
        if (string.IsNullOrWhiteSpace(address) || address.StartsWith('.') || address.IndexOfAny(Path.GetInvalidFileNameChars()) >= 0)
            throw new ArgumentException($"address: '{address}' cannot be the name of a queue.", nameof(address));
        return Path.Combine(Root, address);
    }

    public string DelayedFolder(string address) => Path.Combine(QueueFolder(address), ".delayed");

    public string TakenFolder(string address) => Path.Combine(QueueFolder(address), ".taken");

    public void CreateQueue(string address)
    {
        if (Directory.Exists(DelayedFolder(address)) && Directory.Exists(TakenFolder(address))) return;
        Directory.CreateDirectory(DelayedFolder(address));
        Directory.CreateDirectory(TakenFolder(address));
        FolderEntries.Flush(QueueFolder(address));
        FolderEntries.Flush(Root);
    }

    /// <summary>Names that sort by time, then by the order in which this process made them.</summary>
    public string NewName(DateTimeOffset at) =>
        $"{at.UtcTicks:D19}-{Interlocked.Increment(ref sequence):D9}-{Guid.NewGuid().ToString("N")[..8]}{Extension}";

    public static DateTimeOffset TimeOf(string path) =>
        Path.GetFileName(path) is { Length: >= 19 } name && long.TryParse(name.AsSpan(0, 19), out var ticks)
        && ticks >= 0 && ticks <= DateTime.MaxValue.Ticks
            ? new DateTimeOffset(ticks, TimeSpan.Zero) : DateTimeOffset.MinValue;

    /// <summary>Writes a new file to the disk; nothing remains of it when that fails, as on a full disk.</summary>
    public static void WriteWhole(string path, byte[] content)
    {
        try
        {
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1);
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>One rename and nothing else: names are unique, and asking first whether the new one is free would open a gap.</summary>
    /// <exception cref="FileNotFoundException">Somebody else was faster.</exception>
    public static void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    /// <summary>The messages in a folder, oldest name first.</summary>
    public static string[] MessagesIn(string folder)
    {
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*" + Extension) : [];
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }
}
