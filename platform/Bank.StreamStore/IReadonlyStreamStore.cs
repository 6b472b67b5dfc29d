using Bank.StreamStore.Streams;
using Bank.StreamStore.Subscriptions;

namespace Bank.StreamStore;

/// <summary>Reads streams of events.</summary>
/// <remarks>Positions in the all-stream are assigned in the order of commits and without gaps, and never twice; only deletions leave gaps, on SQL Server also transactions that were rolled back. So a follower that has read up to a position has seen all before it.</remarks>
public interface IReadonlyStreamStore : IDisposable
{
    /// <summary>Reads all streams, in the order of positions.</summary>
    /// <param name="fromPositionInclusive">Where to begin; 0 or more.</param>
    /// <param name="maxCount">At most so many messages; 1 or more.</param>
    /// <param name="prefetchJsonData">Whether the page holds the data, or each message fetches it when asked.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<ReadAllPage> ReadAllForwards(long fromPositionInclusive, int maxCount, bool prefetchJsonData = true, CancellationToken cancellationToken = default);

    /// <summary>Reads all streams, newest first.</summary>
    /// <param name="fromPositionInclusive">Where to begin; <see cref="Position.End"/> for the newest.</param>
    /// <param name="maxCount">At most so many messages; 1 or more.</param>
    /// <param name="prefetchJsonData">Whether the page holds the data, or each message fetches it when asked.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<ReadAllPage> ReadAllBackwards(long fromPositionInclusive, int maxCount, bool prefetchJsonData = true, CancellationToken cancellationToken = default);

    /// <summary>Reads one stream, oldest first.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="fromVersionInclusive">Where to begin; 0 or more.</param>
    /// <param name="maxCount">At most so many messages; 1 or more.</param>
    /// <param name="prefetchJsonData">Whether the page holds the data, or each message fetches it when asked.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<ReadStreamPage> ReadStreamForwards(StreamId streamId, int fromVersionInclusive, int maxCount, bool prefetchJsonData = true, CancellationToken cancellationToken = default);

    /// <summary>Reads one stream, newest first.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="fromVersionInclusive">Where to begin; <see cref="StreamVersion.End"/> for the newest.</param>
    /// <param name="maxCount">At most so many messages; 1 or more.</param>
    /// <param name="prefetchJsonData">Whether the page holds the data, or each message fetches it when asked.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<ReadStreamPage> ReadStreamBackwards(StreamId streamId, int fromVersionInclusive, int maxCount, bool prefetchJsonData = true, CancellationToken cancellationToken = default);

    /// <summary>Follows all streams: first what is there, then what comes.</summary>
    /// <param name="continueAfterPosition">The last position seen before; null to begin at the beginning, <see cref="Position.End"/> at the end.</param>
    /// <param name="streamMessageReceived">Called for one message after the other.</param>
    /// <param name="subscriptionDropped">Called once when the subscription has ended, with the reason.</param>
    /// <param name="hasCaughtUp">Called with true when the end was reached, with false when more is there.</param>
    /// <param name="prefetchJsonData">Whether messages hold their data, or fetch it when asked.</param>
    /// <param name="name">For logs; a new id when null.</param>
    IAllStreamSubscription SubscribeToAll(
        long? continueAfterPosition, AllStreamMessageReceived streamMessageReceived, AllSubscriptionDropped? subscriptionDropped = null,
        HasCaughtUp? hasCaughtUp = null, bool prefetchJsonData = true, string? name = null);

    /// <summary>Follows one stream: first what is there, then what comes. The stream need not exist yet.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="continueAfterVersion">The last version seen before; null to begin at the beginning, <see cref="StreamVersion.End"/> at the end.</param>
    /// <param name="streamMessageReceived">Called for one message after the other.</param>
    /// <param name="subscriptionDropped">Called once when the subscription has ended, with the reason.</param>
    /// <param name="hasCaughtUp">Called with true when the end was reached, with false when more is there.</param>
    /// <param name="prefetchJsonData">Whether messages hold their data, or fetch it when asked.</param>
    /// <param name="name">For logs; a new id when null.</param>
    IStreamSubscription SubscribeToStream(
        StreamId streamId, int? continueAfterVersion, StreamMessageReceived streamMessageReceived, SubscriptionDropped? subscriptionDropped = null,
        HasCaughtUp? hasCaughtUp = null, bool prefetchJsonData = true, string? name = null);

    /// <summary>The highest position of a message that is there; -1 for an empty store.</summary>
    Task<long> ReadHeadPosition(CancellationToken cancellationToken = default);

    /// <summary>The position of the newest message that a stream was given, whether it is still there or not; -1 when the stream is missing or was never given one.</summary>
    Task<long> ReadStreamHeadPosition(StreamId streamId, CancellationToken cancellationToken = default);

    /// <summary>The version of the newest message that a stream was given, whether it is still there or not; -1 when the stream is missing or was never given one.</summary>
    Task<int> ReadStreamHeadVersion(StreamId streamId, CancellationToken cancellationToken = default);

    /// <summary>The metadata of a stream, whether the stream exists or not.</summary>
    /// <param name="streamId">The stream; of those that start with <c>$</c>, only <see cref="Deleted.DeletedStreamId"/> can have metadata.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<StreamMetadataResult> GetStreamMetadata(string streamId, CancellationToken cancellationToken = default);

    /// <summary>Lists streams in the order of their creation.</summary>
    /// <param name="maxCount">At most so many; 1 or more.</param>
    /// <param name="continuationToken">From an earlier page; null for the first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<ListStreamsPage> ListStreams(int maxCount = 100, string? continuationToken = default, CancellationToken cancellationToken = default);

    /// <summary>Lists those streams that fit a pattern, in the order of their creation.</summary>
    /// <param name="pattern">Which streams.</param>
    /// <param name="maxCount">At most so many; 1 or more.</param>
    /// <param name="continuationToken">From an earlier page; null for the first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<ListStreamsPage> ListStreams(Pattern pattern, int maxCount = 100, string? continuationToken = default, CancellationToken cancellationToken = default);

    /// <summary>Raised each time the store is disposed.</summary>
    event Action? OnDispose;
}

/// <summary>Reads and appends.</summary>
public interface IStreamStore : IReadonlyStreamStore
{
    /// <summary>Appends messages to a stream, all or none.</summary>
    /// <param name="streamId">The stream; must not start with <c>$</c>.</param>
    /// <param name="expectedVersion">The version that the stream must have, or one of <see cref="ExpectedVersion"/>.</param>
    /// <param name="messages">What to append. The same messages again, recognised by their ids, change nothing.</param>
    /// <param name="cancellationToken">Gives up while the append waits for its turn: it is then not written. Once it is under way its outcome is awaited.</param>
    /// <returns>Version and position of the stream's newest message after the call.</returns>
    /// <exception cref="WrongExpectedVersionException">The stream has another version, or holds some of the ids elsewhere.</exception>
    Task<AppendResult> AppendToStream(StreamId streamId, int expectedVersion, NewStreamMessage[] messages, CancellationToken cancellationToken = default);

    /// <summary>Deletes a stream with its messages and its metadata. Its name may be used again, from version 0 on.</summary>
    /// <param name="streamId">The stream; must not start with <c>$</c>.</param>
    /// <param name="expectedVersion">The version of its newest message, or <see cref="ExpectedVersion.Any"/>. A stream without messages is deleted whatever is expected.</param>
    /// <param name="cancellationToken">Gives up; the deletion may have happened all the same.</param>
    /// <exception cref="WrongExpectedVersionException">The newest message that the stream holds has another version, or the stream is missing though a version was expected.</exception>
    Task DeleteStream(StreamId streamId, int expectedVersion = ExpectedVersion.Any, CancellationToken cancellationToken = default);

    /// <summary>Deletes a message. Nothing happens when it is not there; its version and position are not given out again.</summary>
    /// <param name="streamId">The stream; must not start with <c>$</c>.</param>
    /// <param name="messageId">The message.</param>
    /// <param name="cancellationToken">Gives up; the deletion may have happened all the same.</param>
    Task DeleteMessage(StreamId streamId, Guid messageId, CancellationToken cancellationToken = default);

    /// <summary>Sets the metadata of a stream, which need not exist yet. Replaces what was set before.</summary>
    /// <param name="streamId">The stream; of those that start with <c>$</c>, only <see cref="Deleted.DeletedStreamId"/> can have metadata.</param>
    /// <param name="expectedStreamMetadataVersion">The version that the metadata must have, or one of <see cref="ExpectedVersion"/>.</param>
    /// <param name="maxAge">Seconds after which a message is no longer read, and deleted in the background; null or less than 1 for no limit.</param>
    /// <param name="maxCount">How many of the newest messages are kept; null or less than 1 for no limit.</param>
    /// <param name="metadataJson">Whatever else is to be said about the stream; null for nothing.</param>
    /// <param name="cancellationToken">Gives up; it may have happened all the same.</param>
    /// <exception cref="WrongExpectedVersionException">The metadata has another version.</exception>
    Task SetStreamMetadata(
        StreamId streamId, int expectedStreamMetadataVersion = ExpectedVersion.Any, int? maxAge = null, int? maxCount = null, string? metadataJson = null,
        CancellationToken cancellationToken = default);
}
