using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Subscriptions;

/// <summary>A follower of one stream. Disposing it ends it.</summary>
public interface IStreamSubscription : IDisposable
{
    /// <summary>For logs.</summary>
    string Name { get; }

    /// <summary>The stream.</summary>
    string StreamId { get; }

    /// <summary>The version handed out last; before the first one null, or the stream's version when it follows from the end.</summary>
    int? LastVersion { get; }

    /// <summary>Completes when it has begun to read.</summary>
    Task Started { get; }

    /// <summary>At most so many messages are read at once; less than 1 counts as 1.</summary>
    int MaxCountPerRead { get; set; }
}

/// <summary>Handles one message of a stream.</summary>
public delegate Task StreamMessageReceived(IStreamSubscription subscription, StreamMessage streamMessage, CancellationToken cancellationToken);

/// <summary>Hears that a subscription has ended.</summary>
public delegate void SubscriptionDropped(IStreamSubscription subscription, SubscriptionDroppedReason reason, Exception? exception = null);
