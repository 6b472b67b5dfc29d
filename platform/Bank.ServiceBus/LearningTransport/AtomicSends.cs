namespace Bank.ServiceBus.Learning;

/// <summary>
/// What was sent while one taken message is handled, and the receipt of it: all or nothing. The files wait in a folder beside the message; the rename
/// of that folder is the commit. Whoever finds a renamed folder, this process or the next, brings each file to its queue by one more rename.
/// </summary>
internal sealed class AtomicSends
{
    private const string Committed = ".committed";

    private readonly StorageFolder storage;
    private readonly string taken;
    private readonly string staged;
    private readonly HashSet<string> places = new(StringComparer.Ordinal);

    public AtomicSends(StorageFolder storage, string taken)
    {
        (this.storage, this.taken, staged) = (storage, taken, taken + ".staged");
        // An attempt before may have failed so that it could not even forget what it had kept.
        if (Directory.Exists(staged)) Directory.Delete(staged, recursive: true);
    }

    /// <summary>Keeps a file for a folder of the storage, which must be there.</summary>
    public void Add(string folder, string name, byte[] content)
    {
        var place = Path.Combine(staged, Path.GetRelativePath(storage.Root, folder));
        if (!places.Contains(place))
        {
            Directory.CreateDirectory(place);
            places.Add(place);
        }

        StorageFolder.WriteWhole(Path.Combine(place, name), content);
    }

    /// <summary>Sends everything and acknowledges the message.</summary>
    public void Commit()
    {
        if (places.Count == 0)
        {
            File.Delete(taken);
            return;
        }

        foreach (var place in places) FolderEntries.Flush(place);
        Directory.Move(staged, taken + Committed);
        FolderEntries.Flush(Path.GetDirectoryName(taken)!);
        Complete(storage, taken);
    }

    /// <summary>Forgets what was kept.</summary>
    public void Rollback()
    {
        if (places.Count == 0) return;
        places.Clear();
        Directory.Delete(staged, recursive: true);
    }

    /// <summary>Whether a message is done with, although its file may still be there.</summary>
    public static bool IsCommitted(string taken) => Directory.Exists(taken + Committed);

    /// <summary>Carries on what was committed but perhaps not carried out.</summary>
    public static void Complete(StorageFolder storage, string taken)
    {
        var committed = taken + Committed;
        // The message first: were it last, a death between would leave it to be handled again.
        File.Delete(taken);
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in Directory.GetFiles(committed, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(storage.Root, Path.GetRelativePath(committed, file));
            StorageFolder.Rename(file, target);
            folders.Add(Path.GetDirectoryName(target)!);
        }

        foreach (var folder in folders) FolderEntries.Flush(folder);
        Directory.Delete(committed, recursive: true);
    }

    /// <summary>Carries on everything that was committed in a folder of taken messages.</summary>
    public static void CompleteAll(StorageFolder storage, string folder)
    {
        foreach (var committed in Directory.GetDirectories(folder, "*" + Committed)) Complete(storage, committed[..^Committed.Length]);
    }
}
