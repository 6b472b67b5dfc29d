namespace Bank.ServiceBus.Transport;

/// <summary>Handles one received message. Returning means that it may be acknowledged; throwing means that <see cref="OnError"/> decides.</summary>
public delegate Task OnMessage(MessageContext messageContext, CancellationToken cancellationToken = default);

/// <summary>Decides what becomes of a message whose handling failed: delivered again, or acknowledged because it was taken care of.</summary>
public delegate Task<ErrorHandleResult> OnError(ErrorContext errorContext, CancellationToken cancellationToken = default);

/// <summary>Receives from one queue.</summary>
public interface IMessageReceiver
{
    /// <summary>The receiver's name within its endpoint.</summary>
    string Id { get; }

    /// <summary>The address by which others reach this queue.</summary>
    string ReceiveAddress { get; }

    /// <summary>Leads events to this queue; null when the transport cannot.</summary>
    ISubscriptionManager? Subscriptions { get; }

    /// <summary>Called once, before anything else.</summary>
    /// <param name="limitations">How many messages may be handled at a time.</param>
    /// <param name="onMessage">Called for each message, concurrently.</param>
    /// <param name="onError">Called when <paramref name="onMessage"/> threw anything but a cancellation caused by stopping.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task Initialize(PushRuntimeSettings limitations, OnMessage onMessage, OnError onError, CancellationToken cancellationToken = default);

    /// <summary>Starts to receive.</summary>
    Task StartReceive(CancellationToken cancellationToken = default);

    /// <summary>Takes no further messages and waits for those being handled. When the token is cancelled, handlers are cancelled and their messages go back.</summary>
    Task StopReceive(CancellationToken cancellationToken = default);
}
