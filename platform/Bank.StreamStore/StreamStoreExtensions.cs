using Bank.StreamStore.Streams;

namespace Bank.StreamStore;

/// <summary>The usual calls.</summary>
public static class StreamStoreExtensions
{
    /// <summary>Appends one message.</summary>
    public static Task<AppendResult> AppendToStream(
        this IStreamStore store, string streamId, int expectedVersion, NewStreamMessage message, CancellationToken cancellationToken = default) =>
        store.AppendToStream(streamId, expectedVersion, [message], cancellationToken);
}
