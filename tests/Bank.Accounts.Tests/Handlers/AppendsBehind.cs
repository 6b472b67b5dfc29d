using Bank.StreamStore;
using Bank.StreamStore.Streams;
using Bank.StreamStore.Subscriptions;

namespace Bank.Accounts.Tests.Handlers;

/// <summary>A store in which another process is faster, once: it does its work between the first append's decision and its write.</summary>
internal sealed class AppendsBehind(IStreamStore inner, Func<Task> otherProcess) : IStreamStore
{
    private bool overtaken;

    public event Action? OnDispose
    {
        add => inner.OnDispose += value;
        remove => inner.OnDispose -= value;
    }

    public async Task<AppendResult> AppendToStream(StreamId streamId, int expectedVersion, NewStreamMessage[] messages, CancellationToken cancellationToken = default)
    {
        if (!overtaken)
        {
            overtaken = true;
            await otherProcess();
        }

        return await inner.AppendToStream(streamId, expectedVersion, messages, cancellationToken);
    }

    public Task<ReadAllPage> ReadAllForwards(long fromPositionInclusive, int maxCount, bool prefetchJsonData = true, CancellationToken cancellationToken = default) =>
        inner.ReadAllForwards(fromPositionInclusive, maxCount, prefetchJsonData, cancellationToken);

    public Task<ReadAllPage> ReadAllBackwards(long fromPositionInclusive, int maxCount, bool prefetchJsonData = true, CancellationToken cancellationToken = default) =>
        inner.ReadAllBackwards(fromPositionInclusive, maxCount, prefetchJsonData, cancellationToken);

    public Task<ReadStreamPage> ReadStreamForwards(
        StreamId streamId, int fromVersionInclusive, int maxCount, bool prefetchJsonData = true, CancellationToken cancellationToken = default) =>
        inner.ReadStreamForwards(streamId, fromVersionInclusive, maxCount, prefetchJsonData, cancellationToken);

    public Task<ReadStreamPage> ReadStreamBackwards(
        StreamId streamId, int fromVersionInclusive, int maxCount, bool prefetchJsonData = true, CancellationToken cancellationToken = default) =>
        inner.ReadStreamBackwards(streamId, fromVersionInclusive, maxCount, prefetchJsonData, cancellationToken);

    public IAllStreamSubscription SubscribeToAll(
        long? continueAfterPosition, AllStreamMessageReceived streamMessageReceived, AllSubscriptionDropped? subscriptionDropped = null,
        HasCaughtUp? hasCaughtUp = null, bool prefetchJsonData = true, string? name = null) =>
        inner.SubscribeToAll(continueAfterPosition, streamMessageReceived, subscriptionDropped, hasCaughtUp, prefetchJsonData, name);

    public Task<long> ReadHeadPosition(CancellationToken cancellationToken = default) => inner.ReadHeadPosition(cancellationToken);

    public Task<long> ReadStreamHeadPosition(StreamId streamId, CancellationToken cancellationToken = default) => inner.ReadStreamHeadPosition(streamId, cancellationToken);

    public Task<int> ReadStreamHeadVersion(StreamId streamId, CancellationToken cancellationToken = default) => inner.ReadStreamHeadVersion(streamId, cancellationToken);

    public Task<ListStreamsPage> ListStreams(int maxCount = 100, string? continuationToken = default, CancellationToken cancellationToken = default) =>
        inner.ListStreams(maxCount, continuationToken, cancellationToken);

    public Task<ListStreamsPage> ListStreams(
        Pattern pattern, int maxCount = 100, string? continuationToken = default, CancellationToken cancellationToken = default) =>
        inner.ListStreams(pattern, maxCount, continuationToken, cancellationToken);

    public IStreamSubscription SubscribeToStream(
        StreamId streamId, int? continueAfterVersion, StreamMessageReceived streamMessageReceived, SubscriptionDropped? subscriptionDropped = null,
        HasCaughtUp? hasCaughtUp = null, bool prefetchJsonData = true, string? name = null) =>
        inner.SubscribeToStream(streamId, continueAfterVersion, streamMessageReceived, subscriptionDropped, hasCaughtUp, prefetchJsonData, name);

    public Task<StreamMetadataResult> GetStreamMetadata(string streamId, CancellationToken cancellationToken = default) =>
        inner.GetStreamMetadata(streamId, cancellationToken);

    public Task DeleteStream(StreamId streamId, int expectedVersion = ExpectedVersion.Any, CancellationToken cancellationToken = default) =>
        inner.DeleteStream(streamId, expectedVersion, cancellationToken);

    public Task DeleteMessage(StreamId streamId, Guid messageId, CancellationToken cancellationToken = default) =>
        inner.DeleteMessage(streamId, messageId, cancellationToken);

    public Task SetStreamMetadata(
        StreamId streamId, int expectedStreamMetadataVersion = ExpectedVersion.Any, int? maxAge = null, int? maxCount = null, string? metadataJson = null,
        CancellationToken cancellationToken = default) =>
        inner.SetStreamMetadata(streamId, expectedStreamMetadataVersion, maxAge, maxCount, metadataJson, cancellationToken);

    public void Dispose()
    {
    }
}
