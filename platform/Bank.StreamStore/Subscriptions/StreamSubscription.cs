using Bank.StreamStore.Infrastructure;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Subscriptions;

/// <summary>Follows one stream: first what is there, then what comes. The stream need not exist yet.</summary>
public sealed class StreamSubscription : IStreamSubscription
{
    /// <summary>How many messages are read at once unless told otherwise.</summary>
    public const int DefaultPageSize = 10;

    private readonly Follower follower;

    /// <summary>Begins to follow.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="continueAfterVersion">The last version seen before; null to begin at the beginning, <see cref="StreamVersion.End"/> at the end.</param>
    /// <param name="readonlyStreamStore">The store.</param>
    /// <param name="streamStoreAppendedNotification">Tells of appends.</param>
    /// <param name="streamMessageReceived">Called for one message after the other.</param>
    /// <param name="subscriptionDropped">Called once when the subscription has ended, with the reason.</param>
    /// <param name="hasCaughtUp">Called with true when the end was reached, with false when more is there.</param>
    /// <param name="prefectchJsonData">Whether messages hold their data, or fetch it when asked.</param>
    /// <param name="name">For logs; a new id when null or blank.</param>
    public StreamSubscription(
        string streamId, int? continueAfterVersion, IReadonlyStreamStore readonlyStreamStore, IObservable<Unit> streamStoreAppendedNotification,
        StreamMessageReceived streamMessageReceived, SubscriptionDropped? subscriptionDropped, HasCaughtUp? hasCaughtUp,
        bool prefectchJsonData, string? name)
    {
        StreamId = streamId;
        Name = string.IsNullOrWhiteSpace(name) ? Guid.NewGuid().ToString() : name;
        follower = new Follower
        {
            FindStart = async token =>
            {
                if (continueAfterVersion != StreamVersion.End) return (continueAfterVersion ?? -1) + 1;
                var head = await readonlyStreamStore.ReadStreamHeadVersion(streamId, token);
                if (head >= 0) LastVersion = head;
                return head + 1;
            },
            Read = async (from, token) =>
            {
                var page = await readonlyStreamStore.ReadStreamForwards(streamId, (int)from, MaxCountPerRead, prefectchJsonData, token);
                return (page.Messages, page.Messages.Length == 0 ? from : page.NextStreamVersion, page.IsEnd);
            },
            HandOut = (message, token) =>
            {
                LastVersion = message.StreamVersion;
                return streamMessageReceived(this, message, token);
            },
            Dropped = (reason, exception) => subscriptionDropped?.Invoke(this, reason, exception),
            HasCaughtUp = hasCaughtUp,
            TellsAtEveryWakeUp = true,
            DropsWhenStopped = true,
        };
        follower.Start(readonlyStreamStore, streamStoreAppendedNotification);
    }

    /// <inheritdoc />
    public string Name { get; }

    /// <inheritdoc />
    public string StreamId { get; }

    /// <inheritdoc />
    public int? LastVersion { get; private set; }

    /// <inheritdoc />
    public Task Started => follower.Started;

    /// <inheritdoc />
    public int MaxCountPerRead { get; set => field = Math.Max(1, value); } = DefaultPageSize;

    /// <inheritdoc />
    public void Dispose() => follower.Stop();
}
