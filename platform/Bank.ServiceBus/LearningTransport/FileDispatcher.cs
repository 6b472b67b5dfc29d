using System.Text;
using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Learning;

/// <summary>Writes messages into the folders of their queues.</summary>
internal sealed class FileDispatcher(StorageFolder storage, EventSubscriptions subscriptions, TimeProvider clock, int maximumBytes) : IMessageDispatcher
{
    public Task Dispatch(TransportOperations outgoingMessages, TransportTransaction transaction, CancellationToken cancellationToken = default)
    {
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var operation in outgoingMessages.Operations)
        {
            var content = Content(operation);
            foreach (var address in AddressesOf(operation.Destination)) folders.Add(Write(address, content, DueTime(operation.Properties)));
        }

        foreach (var folder in folders) FolderEntries.Flush(folder);
        return Task.CompletedTask;
    }

    private IEnumerable<string> AddressesOf(OperationDestination destination) => destination switch
    {
        UnicastDestination unicast => [unicast.Address],
        MulticastDestination multicast => subscriptions.SubscribersOf(multicast.MessageType),
        _ => throw new InvalidOperationException($"{destination.GetType().Name} is not a way to send."),
    };

    private byte[] Content(TransportOperation operation)
    {
        var message = operation.Message;
        var size = message.Body.Length + message.Headers.Sum(header => Encoding.UTF8.GetByteCount(header.Key) + Encoding.UTF8.GetByteCount(header.Value));
        if (size > maximumBytes)
            throw new InvalidOperationException($"The message '{message.MessageId}' has {size} bytes of headers and body; MaximumMessageBytes is {maximumBytes}.");
        DateTimeOffset? discardAt = operation.Properties.DiscardIfNotReceivedBefore is { } lifetime && lifetime != TimeSpan.MaxValue
            ? clock.GetUtcNow() + lifetime
            : null;
        return FileMessage.From(message.MessageId, message.Headers, message.Body, discardAt).ToFile();
    }

    private DateTimeOffset? DueTime(DispatchProperties properties) =>
        properties.DoNotDeliverBefore ?? (properties.DelayDeliveryWith is { } delay ? clock.GetUtcNow() + delay : null);

    /// <returns>The folder that has a new name to flush.</returns>
    private string Write(string address, byte[] content, DateTimeOffset? due)
    {
        var now = clock.GetUtcNow();
        var name = storage.NewName(due ?? now);
        var folder = due > now ? storage.DelayedFolder(address) : storage.QueueFolder(address);
        if (!Directory.Exists(folder)) storage.CreateQueue(address);
        var temporary = Path.Combine(folder, name + StorageFolder.TemporaryExtension);
        using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        StorageFolder.Rename(temporary, Path.Combine(folder, name));
        return folder;
    }
}
