namespace Bank.ServiceBus.Transport;

/// <summary>Sends and publishes.</summary>
public interface IMessageDispatcher
{
    /// <summary>Returns when the transport has taken responsibility for every operation; throws when it did not for one of them.</summary>
    /// <remarks>Operations of one call start in their order.</remarks>
    Task Dispatch(TransportOperations outgoingMessages, TransportTransaction transaction, CancellationToken cancellationToken = default);
}
