namespace Bank.ServiceBus.Learning;

/// <summary>
/// The messages that one running receiver has taken: a folder that it owns as long as it holds its lock file open.
/// When a process dies, the operating system closes the file, and whoever finds the lock free gives the messages back.
/// </summary>
internal sealed class TakenMessages : IDisposable
{
    private const string LockFile = ".owner";

    private static readonly TimeSpan HalfWrittenAge = TimeSpan.FromHours(1);

    private readonly StorageFolder storage;
    private readonly string queueFolder;
    private readonly string delayedFolder;
    private readonly string folder;
    private readonly FileStream ownership;

    public TakenMessages(StorageFolder storage, string address)
    {
        this.storage = storage;
        queueFolder = storage.QueueFolder(address);
        delayedFolder = storage.DelayedFolder(address);
        var all = storage.TakenFolder(address);
        folder = Path.Combine(all, Guid.NewGuid().ToString("N"));
        // Made under a name that nobody looks at, so that nobody can mistake it for one whose owner has died.
        var unborn = folder + ".new";
        Directory.CreateDirectory(unborn);
        ownership = new FileStream(Path.Combine(unborn, LockFile), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        Directory.Move(unborn, folder);
        All = all;
    }

    private string All { get; }

    /// <summary>Whether somebody has deleted the queue, and the folder of this receiver with it, while the other queues are there.</summary>
    public bool WasDeleted => !Directory.Exists(folder) && Directory.Exists(storage.Root);

    /// <summary>Takes a message; null when somebody else was faster.</summary>
    public string? Take(string path)
    {
        var taken = Path.Combine(folder, Path.GetFileName(path));
        return TryMove(path, taken) ? taken : null;
    }

    public void GiveBack(string taken) => TryMove(taken, Path.Combine(queueFolder, Path.GetFileName(taken)));

    /// <summary>Carries on what was committed; otherwise the message goes back.</summary>
    public void SettleOrGiveBack(string taken)
    {
        if (AtomicSends.IsCommitted(taken)) AtomicSends.Complete(storage, taken);
        else GiveBack(taken);
    }

    /// <summary>Returns the messages of receivers that died.</summary>
    public void RecoverAbandoned()
    {
        foreach (var other in Directory.GetDirectories(All))
        {
            if (other == folder || other.EndsWith(".new", StringComparison.Ordinal)) continue;
            using var lockFile = TryLock(Path.Combine(other, LockFile));
            if (lockFile is null) continue;
            try
            {
                Recover(other);
            }
            catch (DirectoryNotFoundException) when (!Directory.Exists(other))
            {
                // Opened before another receiver deleted it, the lock file was free afterwards; nothing is left to bring back.
            }
        }

        DeleteHalfWritten();
    }

    private void Recover(string other)
    {
        AtomicSends.CompleteAll(storage, other);
        foreach (var message in StorageFolder.MessagesIn(other)) TryMove(message, Path.Combine(queueFolder, Path.GetFileName(message)));
        TryDelete(other);
    }

    // A sender that died while writing has told nobody that it sent.
    private void DeleteHalfWritten()
    {
        var longAgo = DateTime.UtcNow - HalfWrittenAge;
        foreach (var file in new[] { queueFolder, delayedFolder }.SelectMany(place => Directory.GetFiles(place, "*" + StorageFolder.TemporaryExtension)))
        {
            if (File.GetLastWriteTimeUtc(file) < longAgo) File.Delete(file);
        }
    }

    /// <summary>Gives everything back. What cannot be given back stays, for the next receiver that looks for messages of dead ones.</summary>
    public void Dispose()
    {
        try
        {
            AtomicSends.CompleteAll(storage, folder);
            foreach (var message in StorageFolder.MessagesIn(folder)) GiveBack(message);
        }
        catch (DirectoryNotFoundException) when (!Directory.Exists(folder))
        {
            // Somebody has deleted the queue; nothing is left to give back.
        }
        finally
        {
            ownership.Dispose();
        }

        TryDelete(folder);
    }

    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool TryMove(string from, string to)
    {
        try
        {
            StorageFolder.Rename(from, to);
            return true;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (IOException)
        {
            // Somebody else is cleaning up the same folder.
        }
    }
}
