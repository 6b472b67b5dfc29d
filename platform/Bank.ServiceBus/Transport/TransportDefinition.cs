namespace Bank.ServiceBus.Transport;

/// <summary>A kind of transport and its settings. One instance serves one endpoint.</summary>
public abstract class TransportDefinition
{
    /// <summary>Describes the transport.</summary>
    /// <param name="defaultTransactionMode">The mode used unless another one is set.</param>
    /// <param name="supportsDelayedDelivery">Whether a send may carry a delay.</param>
    /// <param name="supportsPublishSubscribe">Whether the transport itself routes events to subscribers.</param>
    protected TransportDefinition(TransportTransactionMode defaultTransactionMode, bool supportsDelayedDelivery, bool supportsPublishSubscribe)
    {
        TransportTransactionMode = defaultTransactionMode;
        SupportsDelayedDelivery = supportsDelayedDelivery;
        SupportsPublishSubscribe = supportsPublishSubscribe;
    }

    /// <summary>What the transport guarantees while a message is handled.</summary>
    /// <exception cref="ArgumentException">The transport does not offer the mode.</exception>
    public TransportTransactionMode TransportTransactionMode
    {
        get;
        set
        {
            if (field != value && !GetSupportedTransactionModes().Contains(value))
                throw new ArgumentException($"TransportTransactionMode: {GetType().Name} does not offer {value}.", nameof(value));
            field = value;
        }
    }

    /// <summary>Whether a send may carry a delay.</summary>
    public bool SupportsDelayedDelivery { get; }

    /// <summary>Whether the transport itself routes events to subscribers.</summary>
    public bool SupportsPublishSubscribe { get; }

    /// <summary>The longest delay that a send may carry.</summary>
    internal virtual TimeSpan LongestDelay => TimeSpan.MaxValue;

    /// <summary>The modes that may be set.</summary>
    public abstract IReadOnlyCollection<TransportTransactionMode> GetSupportedTransactionModes();

    /// <summary>Connects, creates queues where <see cref="HostSettings.SetupInfrastructure"/> says so, and returns what sends and receives.</summary>
    /// <param name="hostSettings">Who the endpoint is.</param>
    /// <param name="receivers">The queues to receive from; empty for a send-only endpoint.</param>
    /// <param name="sendingAddresses">Further queues to create, such as the error and audit queues.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public abstract Task<TransportInfrastructure> Initialize(
        HostSettings hostSettings, ReceiveSettings[] receivers, string[] sendingAddresses, CancellationToken cancellationToken = default);
}
