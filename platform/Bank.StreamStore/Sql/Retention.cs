using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Sql;

/// <summary>Deletions, metadata and limits in a relational database, each in a transaction that holds the head row, as appends do.</summary>
internal sealed class Retention(SqlStreamStoreBase store, RetentionText sql)
{
    // Appends wait for a change. Many messages go in several of them, so that nobody waits long.
    private const int MostAtOnce = 500;

    /// <inheritdoc cref="IStreamStore.DeleteStream" />
    public Task<long> Delete(StreamId stream, int expected, CancellationToken cancellationToken) => InTransaction(async (change, attempt) =>
    {
        var row = await change.Find(stream);
        var newest = row is null ? null : await NewestVersion(change, row);
        // When the connection broke during the commit, the stream is missing because the attempt before has deleted it.
        var isDone = row is null && attempt > 1;
        if (!isDone && !RetentionRules.MayDelete(expected, row is not null, newest)) throw WrongExpectedVersionException.OfDeletion(stream.Value, expected);
        foreach (var name in new[] { stream, MetadataMessage.StreamOf(stream.Value) })
        {
            if (await change.Find(name) is not { } gone) continue;
            await change.Remove(sql.DeleteStreamMessages, ("stream", gone.Id));
            await change.Execute(sql.DeleteStream, ("stream", gone.Id));
            await Note(change, [Deleted.CreateStreamDeletedMessage(name.Value)]);
        }
    }, cancellationToken);

    /// <inheritdoc cref="IStreamStore.DeleteMessage" />
    public Task<long> Delete(StreamId stream, Guid message, CancellationToken cancellationToken) => InTransaction(async (change, _) =>
    {
        if (await change.Find(stream) is { } row) await Remove(change, stream.Value, row.Id, [message]);
    }, cancellationToken);

    /// <inheritdoc cref="IStreamStore.SetStreamMetadata" />
    public async Task<long> SetMetadata(MetadataMessage metadata, int expected, CancellationToken cancellationToken)
    {
        var isBeyond = false;
        var head = await InTransaction(async (change, _) => isBeyond = await SetMetadata(change, metadata, expected), cancellationToken);
        return isBeyond ? await Scavenge(metadata.StreamId!, cancellationToken) : head;
    }

    /// <summary>Deletes what is beyond the number of messages that a stream may hold.</summary>
    public async Task<long> Scavenge(StreamId stream, CancellationToken cancellationToken)
    {
        while (true)
        {
            var isBeyond = false;
            var head = await InTransaction(
                async (change, _) => isBeyond = await change.Find(stream) is { } row && await RemoveBeyondLimit(change, stream.Value, row.Id), cancellationToken);
            if (!isBeyond) return head;
        }
    }

    /// <summary>Deletes those of some messages that are older than their stream allows.</summary>
    public async Task<long> PurgeExpired(StreamId stream, IReadOnlyCollection<Guid> messages, DateTime now, CancellationToken cancellationToken)
    {
        var head = -1L;
        foreach (var some in messages.Chunk(MostAtOnce))
        {
            head = await InTransaction(async (change, _) =>
            {
                // The limit may have changed, or the stream may be another one of that name, since they were read.
                if (await change.Find(stream) is not { } row) return;
                await NoteRemoved(
                    change, stream.Value, some, await change.Remove(sql.DeleteExpired, ("stream", row.Id), ("ids", change.IdList(some)), ("now", now)));
            }, cancellationToken);
        }

        return head;
    }

    private Task<long> InTransaction(Func<RetentionChange, int, Task> work, CancellationToken cancellationToken) =>
        Transient.Retry(attempt => store.Change(change => work(change, attempt), cancellationToken), cancellationToken);

    private async Task<int?> NewestVersion(RetentionChange change, SqlStreamStoreBase.StreamRow row) =>
        await change.Scalar(sql.NewestVersion, ("stream", row.Id)) is { } version and not DBNull
            ? Convert.ToInt32(version, System.Globalization.CultureInfo.InvariantCulture)
            : null;

    /// <returns>Whether more than that is beyond the limit.</returns>
    private async Task<bool> SetMetadata(RetentionChange change, MetadataMessage metadata, int expected)
    {
        var stream = MetadataMessage.StreamOf(metadata.StreamId!);
        var row = await change.Find(stream);
        var head = row?.Version ?? -1;
        var candidates = RetentionRules.MessagesFor(metadata, store.MetadataIdStream(metadata.StreamId!), expected, head);
        if (RetentionRules.Choose(candidates, row is null ? [] : await change.FindMessages(row.Id, candidates), head) is not { } message) return false;
        var result = await change.Append(stream, expected, [message]);
        if (result.CurrentVersion == head || await change.Find(metadata.StreamId!) is not { } limited) return false;
        await change.Execute(
            sql.SetLimits, ("id", store.KeyOf(metadata.StreamId!)), ("age", (object?)metadata.MaxAge ?? DBNull.Value), ("kept", (object?)metadata.MaxCount ?? DBNull.Value));
        return await RemoveBeyondLimit(change, metadata.StreamId!, limited.Id);
    }

    /// <returns>Whether there may be more.</returns>
    private async Task<bool> RemoveBeyondLimit(RetentionChange change, string stream, long row)
    {
        var beyond = await change.ReadMessageIds(sql.BeyondLimit, ("stream", row), ("count", MostAtOnce));
        if (beyond.Count > 0) await Remove(change, stream, row, beyond);
        return beyond.Count == MostAtOnce;
    }

    private async Task Remove(RetentionChange change, string stream, long row, IReadOnlyCollection<Guid> messages) => await NoteRemoved(
        change, stream, messages, await change.Remove(sql.DeleteMessages, ("stream", row), ("ids", change.IdList(messages))));

    private async Task NoteRemoved(RetentionChange change, string stream, IReadOnlyCollection<Guid> messages, HashSet<Guid> removed)
    {
        if (removed.Count == 0 || !RetentionRules.NotesRemovalByLimit(stream)) return;
        await Note(change, [.. messages.Where(removed.Contains).Select(message => Deleted.CreateMessageDeletedMessage(stream, message))]);
    }

    private async Task Note(RetentionChange change, NewStreamMessage[] notes)
    {
        if (store.DisablesDeletionTracking) return;
        var deleted = new StreamId(Deleted.DeletedStreamId);
        await change.Append(deleted, ExpectedVersion.Any, notes);
        if (await change.Find(deleted) is { MaxCount: > 0 } row) await RemoveBeyondLimit(change, deleted.Value, row.Id);
    }
}
