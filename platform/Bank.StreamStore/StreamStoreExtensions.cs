using Bank.StreamStore.Streams;

namespace Bank.StreamStore;

/// <summary>The usual calls.</summary>
public static class StreamStoreExtensions
{
    /// <summary>Reads all streams, in the order of positions.</summary>
    public static Task<ReadAllPage> ReadAllForwards(
        this IReadonlyStreamStore readonlyStreamStore, long fromPositionInclusive, int maxCount, CancellationToken cancellationToken = default) =>
        readonlyStreamStore.ReadAllForwards(fromPositionInclusive, maxCount, prefetchJsonData: true, cancellationToken);

    /// <summary>Reads all streams, newest first.</summary>
    public static Task<ReadAllPage> ReadAllBackwards(
        this IReadonlyStreamStore readonlyStreamStore, long fromPositionInclusive, int maxCount, CancellationToken cancellationToken = default) =>
        readonlyStreamStore.ReadAllBackwards(fromPositionInclusive, maxCount, prefetchJsonData: true, cancellationToken);

    /// <summary>Reads one stream, oldest first.</summary>
    public static Task<ReadStreamPage> ReadStreamForwards(
        this IReadonlyStreamStore readonlyStreamStore, string streamId, int fromVersionInclusive, int maxCount, CancellationToken cancellationToken = default) =>
        readonlyStreamStore.ReadStreamForwards(streamId, fromVersionInclusive, maxCount, prefetchJsonData: true, cancellationToken);

    /// <summary>Reads one stream, newest first.</summary>
    public static Task<ReadStreamPage> ReadStreamBackwards(
        this IReadonlyStreamStore readonlyStreamStore, string streamId, int fromVersionInclusive, int maxCount, CancellationToken cancellationToken = default) =>
        readonlyStreamStore.ReadStreamBackwards(streamId, fromVersionInclusive, maxCount, prefetchJsonData: true, cancellationToken);

    /// <summary>Appends one message.</summary>
    public static Task<AppendResult> AppendToStream(
        this IStreamStore store, string streamId, int expectedVersion, NewStreamMessage message, CancellationToken cancellationToken = default) =>
        store.AppendToStream(streamId, expectedVersion, [message], cancellationToken);
}
