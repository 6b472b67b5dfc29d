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

    /// <summary>The shared folder. Default: <c>.learningtransport</c> beside the nearest solution file, or beside the nearest such folder, above the folder of the program.</summary>
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

    /// <summary>Whether headers and body of a message together are limited to 64 kB, as many a broker does; larger messages then fail to send. Default: true.</summary>
    public bool RestrictPayloadSize { get; set; } = true;

    internal int MaximumMessageBytes { get; set; } = 64 * 1024;

    /// <inheritdoc />
    public override IReadOnlyCollection<TransportTransactionMode> GetSupportedTransactionModes() =>
        [TransportTransactionMode.None, TransportTransactionMode.ReceiveOnly, TransportTransactionMode.SendsAtomicWithReceive];

    /// <inheritdoc />
    public override Task<TransportInfrastructure> Initialize(
        HostSettings hostSettings, ReceiveSettings[] receivers, string[] sendingAddresses, CancellationToken cancellationToken = default)
    {
        var storage = new StorageFolder(StorageDirectory);
        CreateQueues(storage, receivers.Select(receiver => receiver.ReceiveAddress.ToString()).Concat(sendingAddresses));
        var subscriptions = new EventSubscriptions(storage);
        var dispatcher = new FileDispatcher(storage, subscriptions, hostSettings.Clock, RestrictPayloadSize ? MaximumMessageBytes : int.MaxValue);
        var built = receivers.ToDictionary(
            receiver => receiver.Id,
            IMessageReceiver (receiver) => new FileReceiver(receiver, storage, subscriptions, hostSettings, TransportTransactionMode));
        return Task.FromResult<TransportInfrastructure>(new Infrastructure { Dispatcher = dispatcher, Receivers = built });
    }

    private static void CreateQueues(StorageFolder storage, IEnumerable<string> addresses)
    {
        try
        {
            foreach (var address in addresses) storage.CreateQueue(address);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"StorageDirectory: the folder '{storage.Root}' cannot be used: {exception.Message}", exception);
        }
    }

    private sealed class Infrastructure : TransportInfrastructure
    {
        public override string ToTransportAddress(QueueAddress address) => address.ToString();

        public override Task Shutdown(CancellationToken cancellationToken = default) => Task.CompletedTask;
    }
}
