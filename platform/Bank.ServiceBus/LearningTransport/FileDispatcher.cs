using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Learning;

/// <summary>Writes messages into the folders of their queues.</summary>
internal sealed class FileDispatcher(StorageFolder storage, EventSubscriptions subscriptions, TimeProvider clock, int maximumBytes) : IMessageDispatcher
{
    public Task Dispatch(TransportOperations outgoingMessages, TransportTransaction transaction, CancellationToken cancellationToken = default)
    {
        foreach (var operation in outgoingMessages.Operations)
        {
            var content = Content(operation);
            foreach (var address in AddressesOf(operation.Destination)) Write(address, content, DueTime(operation.Properties));
        }

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
        var size = message.Body.Length + message.Headers.Sum(header => header.Key.Length + header.Value.Length);
        if (size > maximumBytes)
            throw new InvalidOperationException($"The message '{message.MessageId}' has {size} bytes of headers and body; MaximumMessageBytes is {maximumBytes}.");
        DateTimeOffset? discardAt = operation.Properties.DiscardIfNotReceivedBefore is { } lifetime && lifetime != TimeSpan.MaxValue
            ? clock.GetUtcNow() + lifetime
            : null;
        return FileMessage.From(message.MessageId, message.Headers, message.Body, discardAt).ToFile();
    }

    private DateTimeOffset? DueTime(DispatchProperties properties) =>
        properties.DoNotDeliverBefore ?? (properties.DelayDeliveryWith is { } delay ? clock.GetUtcNow() + delay : null);

    private void Write(string address, byte[] content, DateTimeOffset? due)
    {
        var now = clock.GetUtcNow();
        var name = storage.NewName(due ?? now);
        var folder = due > now ? storage.DelayedFolder(address) : storage.QueueFolder(address);
        if (!Directory.Exists(folder)) storage.CreateQueue(address);
        var temporary = Path.Combine(folder, name + ".tmp");
        using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, Path.Combine(folder, name));
    }
}
