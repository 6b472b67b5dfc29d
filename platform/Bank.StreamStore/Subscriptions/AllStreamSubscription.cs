using Bank.StreamStore.Infrastructure;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Subscriptions;

/// <summary>Follows all streams: first what is there, then what comes.</summary>
public sealed class AllStreamSubscription : IAllStreamSubscription
{
    /// <summary>How many messages are read at once unless told otherwise.</summary>
    public const int DefaultPageSize = 10;

    private readonly Follower follower;

    /// <summary>Begins to follow.</summary>
    /// <param name="continueAfterPosition">The last position seen before; null to begin at the beginning, <see cref="Position.End"/> at the end.</param>
    /// <param name="readonlyStreamStore">The store.</param>
    /// <param name="streamStoreAppendedNotification">Tells of appends.</param>
    /// <param name="streamMessageReceived">Called for one message after the other.</param>
    /// <param name="subscriptionDropped">Called once when the subscription has ended, with the reason.</param>
    /// <param name="hasCaughtUp">Called with true when the end was reached, with false when more is there.</param>
    /// <param name="prefetchJsonData">Whether messages hold their data, or fetch it when asked.</param>
    /// <param name="name">For logs; a new id when null or blank.</param>
    public AllStreamSubscription(
        long? continueAfterPosition, IReadonlyStreamStore readonlyStreamStore, IObservable<Unit> streamStoreAppendedNotification,
        AllStreamMessageReceived streamMessageReceived, AllSubscriptionDropped? subscriptionDropped, HasCaughtUp? hasCaughtUp,
        bool prefetchJsonData, string? name)
    {
        FromPosition = LastPosition = continueAfterPosition;
        Name = string.IsNullOrWhiteSpace(name) ? Guid.NewGuid().ToString() : name;
        follower = new Follower
        {
            FindStart = async token => continueAfterPosition == Position.End ? await readonlyStreamStore.ReadHeadPosition(token) + 1 : (continueAfterPosition ?? -1) + 1,
            Read = async (from, token) =>
            {
                var page = await readonlyStreamStore.ReadAllForwards(from, MaxCountPerRead, prefetchJsonData, token);
                return (page.Messages, page.NextPosition, page.IsEnd);
            },
            HandOut = (message, token) =>
            {
                LastPosition = message.Position;
                return streamMessageReceived(this, message, token);
            },
            Dropped = (reason, exception) => subscriptionDropped?.Invoke(this, reason, exception),
            HasCaughtUp = hasCaughtUp,
        };
        follower.Start(readonlyStreamStore, streamStoreAppendedNotification);
    }

    /// <inheritdoc />
    public string Name { get; }

    /// <summary>Where it was told to continue.</summary>
    public long? FromPosition { get; }

    /// <inheritdoc />
    public long? LastPosition { get; private set; }

    /// <inheritdoc />
    public Task Started => follower.Started;

    /// <inheritdoc />
    public int MaxCountPerRead { get; set => field = Math.Max(1, value); } = DefaultPageSize;

    /// <inheritdoc />
    public void Dispose() => follower.Stop();
}
