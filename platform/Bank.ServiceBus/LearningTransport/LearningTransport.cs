using Bank.ServiceBus.Learning;
using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus;

/// <summary>
/// Messages as files in a folder that all endpoints share: durable, several processes, no server. For development, demonstrations and small installations on one machine.
/// </summary>
/// <remarks>
/// A message is written under a temporary name, flushed to disk, and renamed into its queue, whose folder is flushed too before the send returns; so it is
/// there whole or not at all, and survives a power failure. Taking a message is a rename into a folder that its process owns; the messages of a process that
/// died go back to their queue. Delivery is at least once and roughly in order. The folder must be on a local disk: it is shared by file locks.
/// </remarks>
public class LearningTransport : TransportDefinition
{
    /// <summary>Makes the transport.</summary>
    public LearningTransport()
        : base(TransportTransactionMode.ReceiveOnly, supportsDelayedDelivery: true, supportsPublishSubscribe: true)
    {
    }

    /// <summary>The shared folder. Default: <c>.learningtransport</c> beside the nearest solution file, or beside the nearest such folder, above the current one.</summary>
    /// <exception cref="ArgumentException">Set to an empty text.</exception>
    public string StorageDirectory
    {
        get => field ?? StorageFolder.FindDefault(".learningtransport");
        set
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(value);
            field = Path.GetFullPath(value);
        }
    }

    /// <summary>The largest message, headers and body together, in bytes. Default: 64 kB; larger ones fail to send.</summary>
    public int MaximumMessageBytes
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 64 * 1024;

    /// <inheritdoc />
    public override IReadOnlyCollection<TransportTransactionMode> GetSupportedTransactionModes() => [TransportTransactionMode.ReceiveOnly];

    /// <inheritdoc />
    public override Task<TransportInfrastructure> Initialize(
        HostSettings hostSettings, ReceiveSettings[] receivers, string[] sendingAddresses, CancellationToken cancellationToken = default)
    {
        var storage = new StorageFolder(StorageDirectory);
        foreach (var address in receivers.Select(receiver => receiver.ReceiveAddress.ToString()).Concat(sendingAddresses)) storage.CreateQueue(address);
        var subscriptions = new EventSubscriptions(storage);
        var dispatcher = new FileDispatcher(storage, subscriptions, hostSettings.Clock, MaximumMessageBytes);
        var built = receivers.ToDictionary(
            receiver => receiver.Id,
            IMessageReceiver (receiver) => new FileReceiver(receiver, storage, subscriptions, hostSettings));
        return Task.FromResult<TransportInfrastructure>(new Infrastructure { Dispatcher = dispatcher, Receivers = built });
    }

    private sealed class Infrastructure : TransportInfrastructure
    {
        public override string ToTransportAddress(QueueAddress address) => address.ToString();

        public override Task Shutdown(CancellationToken cancellationToken = default) => Task.CompletedTask;
    }
}
