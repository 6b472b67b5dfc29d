using Bank.StreamStore.Infrastructure;
using Bank.StreamStore.InMemory;
using Bank.StreamStore.Snapshots;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore;

/// <summary>A store that lives and dies with its process. Behaves like the others; for tests.</summary>
public sealed class InMemoryStreamStore : StreamStoreBase, ISnapshotStore
{
    private readonly Lock gate = new();
    private readonly StoredStreams streams = new();
    private readonly Dictionary<(string Stream, string Type), Snapshot> snapshots = [];

    /// <summary>Makes an empty store.</summary>
    /// <param name="getUtcNow">The time; null for the system's.</param>
    /// <param name="logName">Not used: this store has nothing to log.</param>
    public InMemoryStreamStore(GetUtcNow? getUtcNow = null, string? logName = null)
        : base(getUtcNow ?? SystemClock.GetUtcNow, Timeout.InfiniteTimeSpan, createNotifier: null)
    {
    }

    /// <inheritdoc />
    public Task<Snapshot?> ReadSnapshot(StreamId streamId, string type, CancellationToken cancellationToken = default)
    {
        GuardAgainstDisposed();
        return Locked(() => snapshots.GetValueOrDefault((streamId.Value, type)), cancellationToken);
    }

    /// <inheritdoc />
    public Task WriteSnapshot(StreamId streamId, string type, Snapshot snapshot, CancellationToken cancellationToken = default)
    {
        GuardAgainstDisposed();
        return Locked(() => snapshots[(streamId.Value, type)] = snapshot, cancellationToken);
    }

    private protected override Task<AppendResult> Append(StreamId stream, int expected, NewStreamMessage[] messages, CancellationToken cancellationToken) =>
        Locked(() =>
        {
            var held = Append(stream.Value, expected, messages);
            Scavenge(held);
            return new AppendResult(held.Version, held.Position);
        }, cancellationToken);

    private protected override Task<long> Delete(StreamId stream, int expected, CancellationToken cancellationToken) => Locked(() =>
    {
        var held = streams.Find(stream.Value);
        if (!RetentionRules.MayDelete(expected, held is not null, held?.NewestVersion)) throw WrongExpectedVersionException.OfDeletion(stream.Value, expected);
        foreach (var gone in new[] { held, streams.Find(MetadataMessage.StreamOf(stream.Value).Value) }.OfType<StoredStream>())
        {
            streams.Remove(gone);
            Note(Deleted.CreateStreamDeletedMessage(gone.Name));
        }

        return streams.Head;
    }, cancellationToken);

    private protected override Task<long> Delete(StreamId stream, Guid message, CancellationToken cancellationToken) => Locked(() =>
    {
        if (streams.Find(stream.Value) is { } held) Remove(held, held.Messages.Where(stored => stored.MessageId == message));
        return streams.Head;
    }, cancellationToken);

    private protected override Task<long> SetMetadata(MetadataMessage metadata, int expected, CancellationToken cancellationToken) => Locked(() =>
    {
        var name = MetadataMessage.StreamOf(metadata.StreamId!).Value;
        var (held, head) = (streams.Find(name), streams.Find(name)?.Version ?? -1);
        var candidates = RetentionRules.MessagesFor(metadata, name, expected, head);
        if (RetentionRules.Choose(candidates, held?.VersionsOf(candidates) ?? [], head) is not { } message) return streams.Head;
        if (Append(name, expected, [message]).Version > head && streams.Find(metadata.StreamId!) is { } limited)
        {
            limited.SetLimits(metadata);
            Scavenge(limited);
        }

        return streams.Head;
    }, cancellationToken);

    private protected override Task<List<StreamMessage>> ReadAll(long from, int count, ReadDirection direction, bool prefetch, CancellationToken cancellationToken) =>
        Locked(() => Rows(streams.All(from, direction), count, prefetch), cancellationToken);

    private protected override Task<(int Version, long Position, List<StreamMessage> Rows)?> ReadStream(
        StreamId stream, int from, int count, ReadDirection direction, bool prefetch, CancellationToken cancellationToken) =>
        Locked<(int, long, List<StreamMessage>)?>(
            () => streams.Find(stream.Value) is { } held ? (held.Version, held.Position, Rows(held.From(from, direction), count, prefetch)) : null, cancellationToken);

    private protected override Task<long> HeadPosition(CancellationToken cancellationToken) => Locked(() => streams.NewestPosition, cancellationToken);

    private protected override Task<(string[] Ids, long? Last)> List(Pattern pattern, long after, int count, CancellationToken cancellationToken) => Locked(() =>
    {
        var listed = streams.After(after).Where(stream => pattern.Fits(stream.Name)).Take(count).ToArray();
        return (Array.ConvertAll(listed, stream => stream.Name), listed.Length == 0 ? (long?)null : listed[^1].Number);
    }, cancellationToken);

    private protected override async Task PurgeExpired(StreamId stream, IReadOnlyCollection<Guid> messages, CancellationToken cancellationToken)
    {
        var now = Now();
        Visible(await Locked(() =>
        {
            if (streams.Find(stream.Value) is { } held) Remove(held, held.Messages.Where(message => messages.Contains(message.MessageId) && held.IsExpired(message, now)));
            return streams.Head;
        }, cancellationToken));
    }

    private protected override void Close()
    {
    }

    private Task<T> Locked<T>(Func<T> work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<T>(cancellationToken);
        try
        {
            lock (gate) return Task.FromResult(work());
        }
        catch (Exception exception)
        {
            return Task.FromException<T>(exception);
        }
    }

    private StoredStream Append(string name, int expected, NewStreamMessage[] messages)
    {
        var held = streams.Find(name);
        var ids = Array.ConvertAll(messages, message => message.MessageId);
        switch (AppendDecision.Decide(expected, held?.Version, ids, held?.VersionsOf(messages) ?? []))
        {
            case AppendDecision.Outcome.Wrong:
                throw WrongExpectedVersionException.Of(name, expected);
            case AppendDecision.Outcome.Write:
                held ??= streams.Create(name);
                var now = Now();
                foreach (var message in messages) streams.Add(held, message, now);
                break;
        }

        return held!;
    }

    private void Scavenge(StoredStream stream)
    {
        if (stream.MaxCount is > 0 and var kept && stream.Messages.Count > kept) Remove(stream, stream.Messages.Take(stream.Messages.Count - kept));
    }

    private void Remove(StoredStream stream, IEnumerable<StreamMessage> messages)
    {
        foreach (var message in messages.ToArray())
        {
            streams.Remove(stream, message);
            if (RetentionRules.NotesRemovalByLimit(stream.Name)) Note(Deleted.CreateMessageDeletedMessage(stream.Name, message.MessageId));
        }
    }

    private void Note(NewStreamMessage message) => Scavenge(Append(Deleted.DeletedStreamId, ExpectedVersion.Any, [message]));

    private List<StreamMessage> Rows(IEnumerable<StreamMessage> messages, int count, bool prefetch) => [.. messages.Take(count).Select(message => Row(message, prefetch))];

    private StreamMessage Row(StreamMessage message, bool prefetch)
    {
        object? data = prefetch ? streams.Data(message.Position) : (Func<CancellationToken, Task<string?>>)(token => Locked(() => streams.Data(message.Position), token));
        return new StreamMessage(
            message.StreamId, message.MessageId, message.StreamVersion, message.Position, message.CreatedUtc, message.Type, message.JsonMetadata, data,
            streams.Find(message.StreamId)?.MaxAge);
    }
}
