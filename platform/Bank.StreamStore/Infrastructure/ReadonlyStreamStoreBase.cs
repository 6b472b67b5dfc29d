using System.Globalization;
using Bank.StreamStore.Streams;
using Bank.StreamStore.Subscriptions;

namespace Bank.StreamStore.Infrastructure;

/// <summary>What reading has in common in all stores: arguments, pages, subscriptions, the end.</summary>
public abstract class ReadonlyStreamStoreBase : IReadonlyStreamStore
{
    private readonly GetUtcNow getUtcNow;
    private readonly TimeSpan lookInterval;
    private readonly Lazy<IStreamStoreNotifier> notifier;
    private readonly PageBuilder pages;
    private readonly CancellationTokenSource closing = new();
    private volatile HeadNotifier? ownNotifier;
    private volatile bool disposed;

    private protected ReadonlyStreamStoreBase(GetUtcNow getUtcNow, TimeSpan lookInterval, CreateStreamStoreNotifier? createNotifier)
    {
        this.getUtcNow = getUtcNow;
        this.lookInterval = lookInterval;
        notifier = new Lazy<IStreamStoreNotifier>(() => createNotifier is null ? OwnNotifier() : createNotifier(this));
        pages = new PageBuilder(new ExpiredMessages(Now, PurgeExpired, closing.Token));
    }

    /// <inheritdoc />
    public event Action? OnDispose;

    /// <summary>Cancelled when the store is disposed.</summary>
    private protected CancellationToken Closing => closing.Token;

    /// <summary>The time to the microsecond, which is what every kind of store keeps.</summary>
    private protected DateTime Now()
    {
        var now = getUtcNow();
        return new DateTime(now.Ticks - now.Ticks % TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc);
    }

    /// <inheritdoc />
    public async Task<ReadAllPage> ReadAllForwards(
        long fromPositionInclusive, int maxCount, bool prefetchJsonData = true, CancellationToken cancellationToken = default)
    {
        var fetch = Fetch(fromPositionInclusive, 0, maxCount);
        for (var from = fromPositionInclusive; ;)
        {
            var rows = await ReadAll(from, fetch, ReadDirection.Forward, prefetchJsonData, cancellationToken);
            var page = pages.All(
                fromPositionInclusive, maxCount, ReadDirection.Forward, rows, (next, token) => ReadAllForwards(next, maxCount, prefetchJsonData, token));
            // A page of nothing but expired messages is none, so that nobody takes it for the end.
            if (page.Messages.Length > 0 || page.IsEnd) return page;
            from = page.NextPosition;
        }
    }

    /// <inheritdoc />
    public async Task<ReadAllPage> ReadAllBackwards(
        long fromPositionInclusive, int maxCount, bool prefetchJsonData = true, CancellationToken cancellationToken = default)
    {
        var fetch = Fetch(fromPositionInclusive, Position.End, maxCount);
        for (var from = fromPositionInclusive == Position.End ? long.MaxValue : fromPositionInclusive; ;)
        {
            var rows = await ReadAll(from, fetch, ReadDirection.Backward, prefetchJsonData, cancellationToken);
            var page = pages.All(
                fromPositionInclusive, maxCount, ReadDirection.Backward, rows, (next, token) => ReadAllBackwards(next, maxCount, prefetchJsonData, token));
            if (page.Messages.Length > 0 || page.IsEnd) return page;
            from = page.NextPosition;
        }
    }

    /// <inheritdoc />
    public async Task<ReadStreamPage> ReadStreamForwards(
        StreamId streamId, int fromVersionInclusive, int maxCount, bool prefetchJsonData = true, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(streamId);
        var fetch = Fetch(fromVersionInclusive, 0, maxCount);
        for (var from = fromVersionInclusive; ;)
        {
            var found = await ReadStream(streamId, from, fetch, ReadDirection.Forward, prefetchJsonData, cancellationToken);
            if (found is not var (version, position, rows)) return PageBuilder.Missing(streamId, fromVersionInclusive, ReadDirection.Forward);
            var page = pages.Stream(
                streamId, fromVersionInclusive, maxCount, ReadDirection.Forward, version, position, rows,
                (next, token) => ReadStreamForwards(streamId, next, maxCount, prefetchJsonData, token));
            if (page.Messages.Length > 0 || page.IsEnd) return page;
            from = page.NextStreamVersion;
        }
    }

    /// <inheritdoc />
    public async Task<ReadStreamPage> ReadStreamBackwards(
        StreamId streamId, int fromVersionInclusive, int maxCount, bool prefetchJsonData = true, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(streamId);
        var fetch = Fetch(fromVersionInclusive, StreamVersion.End, maxCount);
        for (var from = fromVersionInclusive == StreamVersion.End ? int.MaxValue : fromVersionInclusive; ;)
        {
            var found = await ReadStream(streamId, from, fetch, ReadDirection.Backward, prefetchJsonData, cancellationToken);
            if (found is not var (version, position, rows)) return PageBuilder.Missing(streamId, fromVersionInclusive, ReadDirection.Backward);
            var page = pages.Stream(
                streamId, fromVersionInclusive, maxCount, ReadDirection.Backward, version, position, rows,
                (next, token) => ReadStreamBackwards(streamId, next, maxCount, prefetchJsonData, token));
            if (page.Messages.Length > 0 || page.IsEnd) return page;
            from = page.NextStreamVersion;
        }
    }

    /// <inheritdoc />
    public IStreamSubscription SubscribeToStream(
        StreamId streamId, int? continueAfterVersion, StreamMessageReceived streamMessageReceived, SubscriptionDropped? subscriptionDropped = null,
        HasCaughtUp? hasCaughtUp = null, bool prefetchJsonData = true, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(streamId);
        ArgumentNullException.ThrowIfNull(streamMessageReceived);
        return new StreamSubscription(
            streamId.Value, continueAfterVersion, this, Notifier(), streamMessageReceived, subscriptionDropped, hasCaughtUp, prefetchJsonData, name);
    }

    /// <inheritdoc />
    public IAllStreamSubscription SubscribeToAll(
        long? continueAfterPosition, AllStreamMessageReceived streamMessageReceived, AllSubscriptionDropped? subscriptionDropped = null,
        HasCaughtUp? hasCaughtUp = null, bool prefetchJsonData = true, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(streamMessageReceived);
        return new AllStreamSubscription(
            continueAfterPosition, this, Notifier(), streamMessageReceived, subscriptionDropped, hasCaughtUp, prefetchJsonData, name);
    }

    /// <inheritdoc />
    public Task<long> ReadHeadPosition(CancellationToken cancellationToken = default)
    {
        GuardAgainstDisposed();
        return HeadPosition(cancellationToken);
    }

    /// <inheritdoc />
    public async Task<long> ReadStreamHeadPosition(StreamId streamId, CancellationToken cancellationToken = default) =>
        (await Head(streamId, cancellationToken)).Position;

    /// <inheritdoc />
    public async Task<int> ReadStreamHeadVersion(StreamId streamId, CancellationToken cancellationToken = default) =>
        (await Head(streamId, cancellationToken)).Version;

    /// <inheritdoc />
    public async Task<StreamMetadataResult> GetStreamMetadata(string streamId, CancellationToken cancellationToken = default)
    {
        StreamStoreArguments.CheckMetadataStream(streamId);
        var page = await ReadStreamBackwards(MetadataMessage.StreamOf(streamId), StreamVersion.End, 1, prefetchJsonData: true, cancellationToken);
        if (page.Messages.Length == 0) return new StreamMetadataResult(streamId, -1);
        var metadata = MetadataMessage.Parse((await page.Messages[0].GetJsonData(cancellationToken))!);
        return new StreamMetadataResult(streamId, page.LastStreamVersion, metadata.MaxAge, metadata.MaxCount, metadata.MetaJson);
    }

    /// <inheritdoc />
    public Task<ListStreamsPage> ListStreams(int maxCount = 100, string? continuationToken = default, CancellationToken cancellationToken = default) =>
        ListStreams(Pattern.Anything(), maxCount, continuationToken, cancellationToken);

    /// <inheritdoc />
    public async Task<ListStreamsPage> ListStreams(
        Pattern pattern, int maxCount = 100, string? continuationToken = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        GuardAgainstDisposed();
        var after = long.TryParse(continuationToken, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : -1;
        var (ids, last) = await List(pattern, after, maxCount, cancellationToken);
        var token = last?.ToString(CultureInfo.InvariantCulture) ?? continuationToken;
        return new ListStreamsPage(token, ids, (next, cancel) => ListStreams(pattern, maxCount, next, cancel));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        var isFirst = !disposed;
        disposed = true;
        OnDispose?.Invoke();
        if (isFirst)
        {
            closing.Cancel();
            if (notifier.IsValueCreated) notifier.Value.Dispose();
            Close();
        }

        GC.SuppressFinalize(this);
    }

    private protected abstract Task<List<StreamMessage>> ReadAll(long from, int count, ReadDirection direction, bool prefetch, CancellationToken cancellationToken);

    /// <returns>Head version, head position and rows, each with the age limit of its stream; null when the stream is missing.</returns>
    private protected abstract Task<(int Version, long Position, List<StreamMessage> Rows)?> ReadStream(
        StreamId stream, int from, int count, ReadDirection direction, bool prefetch, CancellationToken cancellationToken);

    private protected abstract Task<long> HeadPosition(CancellationToken cancellationToken);

    private protected abstract Task<(string[] Ids, long? Last)> List(Pattern pattern, long after, int count, CancellationToken cancellationToken);

    /// <summary>Deletes those of some messages that are older than their stream allows.</summary>
    private protected abstract Task PurgeExpired(StreamId stream, IReadOnlyCollection<Guid> messages, CancellationToken cancellationToken);

    /// <summary>Hears of appends by other processes until cancelled. Without it, the notifier looks from time to time.</summary>
    private protected virtual Task Listen(Action appended, CancellationToken cancellationToken) => Task.CompletedTask;

    private protected abstract void Close();

    private protected void GuardAgainstDisposed() => ObjectDisposedException.ThrowIf(disposed, this);

    /// <summary>Wakes the followers of this store when the position is news to them.</summary>
    private protected void Visible(long position) => ownNotifier?.Seen(position);

    private IStreamStoreNotifier Notifier()
    {
        GuardAgainstDisposed();
        var made = notifier.Value;
        // Disposed just now by somebody who did not see it yet.
        if (disposed) made.Dispose();
        return made;
    }

    private HeadNotifier OwnNotifier()
    {
        var own = ownNotifier = new HeadNotifier(HeadPosition, lookInterval);
        _ = Task.Run(() => Listen(own.LookNow, closing.Token));
        return own;
    }

    private int Fetch(long from, long lowest, int maxCount)
    {
        GuardAgainstDisposed();
        return StreamStoreArguments.CheckRead(from, lowest, maxCount);
    }

    private async Task<(int Version, long Position)> Head(StreamId streamId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(streamId);
        GuardAgainstDisposed();
        // No message: the newest may have to be fetched from an archive.
        return await ReadStream(streamId, int.MaxValue, 0, ReadDirection.Backward, prefetch: false, cancellationToken) is var (version, position, _)
            ? (version, position)
            : (-1, -1);
    }
}
