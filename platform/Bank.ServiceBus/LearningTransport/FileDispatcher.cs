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
            var atomic = operation.RequiredDispatchConsistency == DispatchConsistency.Default && transaction.TryGet<AtomicSends>(out var sends) ? sends : null;
            foreach (var address in AddressesOf(operation.Destination))
            {
                var (folder, name) = Place(address, DueTime(operation.Properties));
                if (atomic is not null)
                {
                    atomic.Add(folder, name, content);
                    continue;
                }

                Write(folder, name, content);
                folders.Add(folder);
            }
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
            throw new InvalidOperationException($"The message '{message.MessageId}' has {size} bytes of headers and body; the limit is {maximumBytes}; RestrictPayloadSize = false lifts the limit.");
        DateTimeOffset? discardAt = operation.Properties.DiscardIfNotReceivedBefore is { } lifetime && lifetime != TimeSpan.MaxValue
            ? clock.GetUtcNow() + lifetime
            : null;
        return FileMessage.From(message.MessageId, message.Headers, message.Body, discardAt).ToFile();
    }

    private DateTimeOffset? DueTime(DispatchProperties properties) =>
        properties.DoNotDeliverBefore ?? (properties.DelayDeliveryWith is { } delay ? clock.GetUtcNow() + delay : null);

    private (string Folder, string Name) Place(string address, DateTimeOffset? due)
    {
        var now = clock.GetUtcNow();
        var name = storage.NewName(due ?? now);
        var folder = due > now ? storage.DelayedFolder(address) : storage.QueueFolder(address);
        if (!Directory.Exists(folder)) storage.CreateQueue(address);
        return (folder, name);
    }

    private static void Write(string folder, string name, byte[] content)
    {
        var temporary = Path.Combine(folder, name + StorageFolder.TemporaryExtension);
        StorageFolder.WriteWhole(temporary, content);
        StorageFolder.Rename(temporary, Path.Combine(folder, name));
    }
}
