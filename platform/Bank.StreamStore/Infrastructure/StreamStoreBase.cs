using Bank.StreamStore.Streams;
using Bank.StreamStore.Subscriptions;

namespace Bank.StreamStore.Infrastructure;

/// <summary>What writing has in common in all stores: arguments, and waking those who follow.</summary>
public abstract class StreamStoreBase : ReadonlyStreamStoreBase, IStreamStore
{
    private protected StreamStoreBase(GetUtcNow getUtcNow, TimeSpan lookInterval, CreateStreamStoreNotifier? createNotifier)
        : base(getUtcNow, lookInterval, createNotifier)
    {
    }

    /// <inheritdoc />
    public async Task<AppendResult> AppendToStream(
        StreamId streamId, int expectedVersion, NewStreamMessage[] messages, CancellationToken cancellationToken = default)
    {
        StreamStoreArguments.CheckAppend(streamId, expectedVersion, messages);
        GuardAgainstDisposed();
        if (messages.Length == 0 && expectedVersion >= 0) return new AppendResult(expectedVersion, await HeadPosition(cancellationToken));
        var result = await Append(streamId, expectedVersion, messages, cancellationToken);
        Visible(result.CurrentPosition);
        return result;
    }

    /// <inheritdoc />
    public async Task DeleteStream(StreamId streamId, int expectedVersion = ExpectedVersion.Any, CancellationToken cancellationToken = default)
    {
        StreamStoreArguments.CheckStream(streamId);
        ArgumentOutOfRangeException.ThrowIfLessThan(expectedVersion, ExpectedVersion.NoStream);
        GuardAgainstDisposed();
        Visible(await Delete(streamId, expectedVersion, cancellationToken));
    }

    /// <inheritdoc />
    public async Task DeleteMessage(StreamId streamId, Guid messageId, CancellationToken cancellationToken = default)
    {
        StreamStoreArguments.CheckStream(streamId);
        GuardAgainstDisposed();
        Visible(await Delete(streamId, messageId, cancellationToken));
    }

    /// <inheritdoc />
    public async Task SetStreamMetadata(
        StreamId streamId, int expectedStreamMetadataVersion = ExpectedVersion.Any, int? maxAge = null, int? maxCount = null,
        string? metadataJson = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(streamId);
        StreamStoreArguments.CheckSetMetadata(streamId.Value, expectedStreamMetadataVersion, metadataJson);
        GuardAgainstDisposed();
        var metadata = new MetadataMessage { StreamId = streamId.Value, MaxAge = maxAge, MaxCount = maxCount, MetaJson = metadataJson };
        Visible(await SetMetadata(metadata, expectedStreamMetadataVersion, cancellationToken));
    }

    private protected abstract Task<AppendResult> Append(StreamId stream, int expected, NewStreamMessage[] messages, CancellationToken cancellationToken);

    /// <returns>A position that is visible now, the highest of those written; -1 for none.</returns>
    private protected abstract Task<long> Delete(StreamId stream, int expected, CancellationToken cancellationToken);

    /// <returns>A position that is visible now, the highest of those written; -1 for none.</returns>
    private protected abstract Task<long> Delete(StreamId stream, Guid message, CancellationToken cancellationToken);

    /// <returns>A position that is visible now, the highest of those written; -1 for none.</returns>
    private protected abstract Task<long> SetMetadata(MetadataMessage metadata, int expected, CancellationToken cancellationToken);
}
