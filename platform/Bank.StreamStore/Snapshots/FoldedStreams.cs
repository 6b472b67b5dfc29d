using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Snapshots;

/// <summary>
/// Loads the states of streams: from memory, else from a snapshot, and from the messages that came after it. So a long stream costs no more than a short one.
/// Every load reads the stream, so what it returns was the newest state at that time, whichever process appended last.
/// </summary>
/// <typeparam name="TState">The state.</typeparam>
/// <param name="store">Holds the streams.</param>
/// <param name="snapshots">Keeps states for processes to come; null for none.</param>
/// <param name="folding">How messages become a state.</param>
public sealed class FoldedStreams<TState>(IReadonlyStreamStore store, ISnapshotStore? snapshots, Folding<TState> folding)
{
    private const int PageSize = 500;

    private readonly RecentlyUsed<Folded> cache = new(folding.MostCached);

    /// <summary>Loads the newest state of a stream; that of an empty one when the stream is missing.</summary>
    /// <exception cref="Exception">Whatever <see cref="Folding{TState}.Apply"/> throws.</exception>
    public async Task<TState> Load(StreamId stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var known = cache.Find(stream.Value) ?? await FromSnapshot(stream, cancellationToken) ?? Nothing;
        // A stream that was deleted and made anew is folded from its beginning.
        var folded = await Continue(stream, known, cancellationToken) ?? (await Continue(stream, Nothing, cancellationToken))!;
        if (folded.Version - folded.SnapshotVersion >= folding.SnapshotEvery) folded = await WriteSnapshot(stream, folded, cancellationToken);
        cache.Keep(stream.Value, folded);
        return folded.State;
    }

    private Folded Nothing => new(folding.Empty, Version: -1, Guid.Empty, SnapshotVersion: -1);

    private async Task<Folded?> FromSnapshot(StreamId stream, CancellationToken cancellationToken)
    {
        if (snapshots is null || await snapshots.ReadSnapshot(stream, folding.SnapshotType, cancellationToken) is not { } snapshot) return null;
        try
        {
            return new Folded(folding.Read(snapshot.Json), snapshot.StreamVersion, snapshot.MessageId, snapshot.StreamVersion);
        }
        catch (Exception)
        {
            // What cannot be read counts as missing; the messages are all there.
            return null;
        }
    }

    /// <returns>Null when the stream does not hold the last message that is known.</returns>
    private async Task<Folded?> Continue(StreamId stream, Folded known, CancellationToken cancellationToken)
    {
        var (state, version, last) = (known.State, known.Version, known.MessageId);
        // From the last message known, to see that it is still that one.
        var page = await store.ReadStreamForwards(stream, Math.Max(0, version), PageSize, prefetchJsonData: true, cancellationToken);
        if (version >= 0 && (page.Messages.Length == 0 || page.Messages[0].StreamVersion != version || page.Messages[0].MessageId != last)) return null;
        for (var skip = version >= 0 ? 1 : 0; ; skip = 0)
        {
            foreach (var message in page.Messages.AsSpan(skip).ToArray())
            {
                // Gone between the read of the page and this moment: the stream is being deleted.
                var json = await message.GetJsonData(cancellationToken) ?? throw new InvalidOperationException($"{message} is no longer there.");
                state = folding.Apply(state, message.Type, json);
                (version, last) = (message.StreamVersion, message.MessageId);
            }

            if (page.IsEnd) return new Folded(state, version, last, known.SnapshotVersion);
            page = await page.ReadNext(cancellationToken);
        }
    }

    private async Task<Folded> WriteSnapshot(StreamId stream, Folded folded, CancellationToken cancellationToken)
    {
        if (snapshots is null) return folded;
        try
        {
            await snapshots.WriteSnapshot(stream, folding.SnapshotType, new Snapshot(folded.Version, folded.MessageId, folding.Write(folded.State)), cancellationToken);
            return folded with { SnapshotVersion = folded.Version };
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The state is loaded all the same, and the next load tries again.
            return folded;
        }
    }

    private sealed record Folded(TState State, int Version, Guid MessageId, int SnapshotVersion);
}
