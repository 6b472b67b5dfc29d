using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Subscriptions;

/// <summary>A follower of all streams. Disposing it ends it.</summary>
public interface IAllStreamSubscription : IDisposable
{
    /// <summary>For logs.</summary>
    string Name { get; }

    /// <summary>The position handed out last; before the first one, where it was told to continue.</summary>
    long? LastPosition { get; }

    /// <summary>Completes when it has begun to read.</summary>
    Task Started { get; }

    /// <summary>At most so many messages are read at once; less than 1 counts as 1.</summary>
    int MaxCountPerRead { get; set; }
}

/// <summary>Handles one message of the all-stream.</summary>
public delegate Task AllStreamMessageReceived(IAllStreamSubscription subscription, StreamMessage streamMessage, CancellationToken cancellationToken);

/// <summary>Hears that a subscription has ended.</summary>
public delegate void AllSubscriptionDropped(IAllStreamSubscription subscription, SubscriptionDroppedReason reason, Exception? exception = null);

/// <summary>Hears whether a subscription has reached the end.</summary>
public delegate void HasCaughtUp(bool hasCaughtUp);

/// <summary>Why a subscription ended.</summary>
public enum SubscriptionDroppedReason
{
    /// <summary>It, or the store, was disposed.</summary>
    Disposed,

    /// <summary>A handler threw.</summary>
    SubscriberError,

    /// <summary>Reading failed.</summary>
    StreamStoreError,
}
