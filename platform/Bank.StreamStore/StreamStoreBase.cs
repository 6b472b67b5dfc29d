using Bank.StreamStore.Infrastructure;
using Bank.StreamStore.Streams;
using Bank.StreamStore.Subscriptions;

namespace Bank.StreamStore;

/// <summary>What all stores have in common: arguments, pages, subscriptions, the end.</summary>
public abstract class StreamStoreBase : IStreamStore
{
    private readonly GetUtcNow getUtcNow;
    private readonly TimeSpan lookInterval;
    private readonly AppendSignal signal = new();
    private readonly CancellationTokenSource closing = new();
    private readonly Lazy<Task> listening;
    private volatile bool disposed;

    private protected StreamStoreBase(GetUtcNow getUtcNow, TimeSpan lookInterval)
    {
        this.getUtcNow = getUtcNow;
        this.lookInterval = lookInterval;
        listening = new Lazy<Task>(() => Task.Run(() => Listen(signal.Raise, closing.Token)));
    }

    /// <inheritdoc />
    public event Action? OnDispose;

    /// <summary>The time to the microsecond, which is what every kind of store keeps.</summary>
    private protected DateTime Now()
    {
        var now = getUtcNow();
        return new DateTime(now.Ticks - now.Ticks % TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc);
    }

    /// <inheritdoc />
    public async Task<AppendResult> AppendToStream(
        StreamId streamId, int expectedVersion, NewStreamMessage[] messages, CancellationToken cancellationToken = default)
    {
        StreamStoreArguments.CheckAppend(streamId, expectedVersion, messages);
        ObjectDisposedException.ThrowIf(disposed, this);
        if (messages.Length == 0 && expectedVersion >= 0) return new AppendResult(expectedVersion, await HeadPosition(cancellationToken));
        var result = await Append(streamId, expectedVersion, messages, cancellationToken);
        signal.Raise();
        return result;
    }

    /// <inheritdoc />
    public async Task<ReadAllPage> ReadAllForwards(
        long fromPositionInclusive, int maxCount, bool prefetchJsonData = true, CancellationToken cancellationToken = default)
    {
        var rows = await ReadAll(fromPositionInclusive, Fetch(fromPositionInclusive, 0, maxCount), ReadDirection.Forward, prefetchJsonData, cancellationToken);
        return PageBuilder.All(
            fromPositionInclusive, maxCount, ReadDirection.Forward, rows, (next, token) => ReadAllForwards(next, maxCount, prefetchJsonData, token));
    }

    /// <inheritdoc />
    public async Task<ReadAllPage> ReadAllBackwards(
        long fromPositionInclusive, int maxCount, bool prefetchJsonData = true, CancellationToken cancellationToken = default)
    {
        var fetch = Fetch(fromPositionInclusive, Position.End, maxCount);
        var from = fromPositionInclusive == Position.End ? long.MaxValue : fromPositionInclusive;
        var rows = await ReadAll(from, fetch, ReadDirection.Backward, prefetchJsonData, cancellationToken);
        return PageBuilder.All(
            fromPositionInclusive, maxCount, ReadDirection.Backward, rows, (next, token) => ReadAllBackwards(next, maxCount, prefetchJsonData, token));
    }

    /// <inheritdoc />
    public async Task<ReadStreamPage> ReadStreamForwards(
        StreamId streamId, int fromVersionInclusive, int maxCount, bool prefetchJsonData = true, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(streamId);
        var fetch = Fetch(fromVersionInclusive, 0, maxCount);
        var found = await ReadStream(streamId, fromVersionInclusive, fetch, ReadDirection.Forward, prefetchJsonData, cancellationToken);
        return found is not var (version, position, rows)
            ? PageBuilder.Missing(streamId, fromVersionInclusive, ReadDirection.Forward)
            : PageBuilder.Stream(
                streamId, fromVersionInclusive, maxCount, ReadDirection.Forward, version, position, rows,
                (next, token) => ReadStreamForwards(streamId, next, maxCount, prefetchJsonData, token));
    }

    /// <inheritdoc />
    public async Task<ReadStreamPage> ReadStreamBackwards(
        StreamId streamId, int fromVersionInclusive, int maxCount, bool prefetchJsonData = true, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(streamId);
        var fetch = Fetch(fromVersionInclusive, StreamVersion.End, maxCount);
        var from = fromVersionInclusive == StreamVersion.End ? int.MaxValue : fromVersionInclusive;
        var found = await ReadStream(streamId, from, fetch, ReadDirection.Backward, prefetchJsonData, cancellationToken);
        return found is not var (version, position, rows)
            ? PageBuilder.Missing(streamId, fromVersionInclusive, ReadDirection.Backward)
            : PageBuilder.Stream(
                streamId, fromVersionInclusive, maxCount, ReadDirection.Backward, version, position, rows,
                (next, token) => ReadStreamBackwards(streamId, next, maxCount, prefetchJsonData, token));
    }

    /// <inheritdoc />
    public IAllStreamSubscription SubscribeToAll(
        long? continueAfterPosition, AllStreamMessageReceived streamMessageReceived, AllSubscriptionDropped? subscriptionDropped = null,
        HasCaughtUp? hasCaughtUp = null, bool prefetchJsonData = true, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(streamMessageReceived);
        ObjectDisposedException.ThrowIf(disposed, this);
        _ = listening.Value;
        return new AllStreamSubscription(
            this, signal, lookInterval, continueAfterPosition, streamMessageReceived, subscriptionDropped, hasCaughtUp, prefetchJsonData, name);
    }

    /// <inheritdoc />
    public Task<long> ReadHeadPosition(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return HeadPosition(cancellationToken);
    }

    /// <inheritdoc />
    public async Task<long> ReadStreamHeadPosition(StreamId streamId, CancellationToken cancellationToken = default) =>
        (await Head(streamId, cancellationToken)).Position;

    /// <inheritdoc />
    public async Task<int> ReadStreamHeadVersion(StreamId streamId, CancellationToken cancellationToken = default) =>
        (await Head(streamId, cancellationToken)).Version;

    /// <inheritdoc />
    public async Task<ListStreamsPage> ListStreams(int maxCount = 100, string? continuationToken = default, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        ObjectDisposedException.ThrowIf(disposed, this);
        var after = long.TryParse(continuationToken, out var number) ? number : -1;
        var (ids, last) = await List(after, maxCount, cancellationToken);
        var token = (last ?? after).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return new ListStreamsPage(token, ids, (next, cancel) => ListStreams(maxCount, next, cancel));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (!disposed)
        {
            disposed = true;
            OnDispose?.Invoke();
            closing.Cancel();
            Close();
        }

        GC.SuppressFinalize(this);
    }

    private protected abstract Task<AppendResult> Append(StreamId stream, int expected, NewStreamMessage[] messages, CancellationToken cancellationToken);

    private protected abstract Task<List<StreamMessage>> ReadAll(long from, int count, ReadDirection direction, bool prefetch, CancellationToken cancellationToken);

    /// <returns>Head version, head position and rows; null when the stream is missing.</returns>
    private protected abstract Task<(int Version, long Position, List<StreamMessage> Rows)?> ReadStream(
        StreamId stream, int from, int count, ReadDirection direction, bool prefetch, CancellationToken cancellationToken);

    private protected abstract Task<long> HeadPosition(CancellationToken cancellationToken);

    private protected abstract Task<(string[] Ids, long? Last)> List(long after, int count, CancellationToken cancellationToken);

    /// <summary>Hears of appends by other processes until cancelled. Without it, followers look from time to time.</summary>
    private protected virtual Task Listen(Action appended, CancellationToken cancellationToken) => Task.CompletedTask;

    private protected abstract void Close();

    private int Fetch(long from, long lowest, int maxCount)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return StreamStoreArguments.CheckRead(from, lowest, maxCount);
    }

    private async Task<(int Version, long Position)> Head(StreamId streamId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(streamId);
        ObjectDisposedException.ThrowIf(disposed, this);
        return await ReadStream(streamId, int.MaxValue, 1, ReadDirection.Backward, prefetch: false, cancellationToken) is var (version, position, _)
            ? (version, position)
            : (-1, -1);
    }
}
