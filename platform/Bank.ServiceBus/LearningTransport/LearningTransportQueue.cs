using Bank.ServiceBus.Learning;

namespace Bank.ServiceBus;

/// <summary>Looks at a queue of the <see cref="LearningTransport"/> from outside, without taking anything.</summary>
/// <param name="storageDirectory">The shared folder.</param>
/// <param name="address">The queue.</param>
public sealed class LearningTransportQueue(string storageDirectory, string address)
{
    private readonly StorageFolder storage = new(storageDirectory);

    /// <summary>How many messages wait, are being handled, or are delayed. 0 for a queue that was never used.</summary>
    public int Count() => Files().Count;

    /// <summary>The files of the messages that wait, are being handled, or are delayed. Each may be gone by the time it is opened.</summary>
    public IReadOnlyList<string> Files() =>
    [
        .. StorageFolder.MessagesIn(storage.QueueFolder(address)),
        .. StorageFolder.MessagesIn(storage.DelayedFolder(address)),
        .. Directory.Exists(storage.TakenFolder(address)) ? Directory.GetDirectories(storage.TakenFolder(address)).SelectMany(StorageFolder.MessagesIn) : [],
    ];
}
