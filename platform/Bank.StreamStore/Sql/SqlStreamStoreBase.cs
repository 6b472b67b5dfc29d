using System.Data;
using System.Data.Common;
using Bank.StreamStore.Archiving;
using Bank.StreamStore.Infrastructure;
using Bank.StreamStore.Snapshots;
using Bank.StreamStore.Streams;
using Bank.StreamStore.Subscriptions;

namespace Bank.StreamStore.Sql;

/// <summary>A store in a relational database: two tables, one for streams and one for messages, and a row that holds the highest position.</summary>
/// <remarks>
/// Every append locks that row until it commits. So positions are given out in the order of commits, and a follower never has to wait or look back. Where the row
/// gives the positions and not the table, a rolled-back append leaves no gap. Writers of all processes take turns; <see cref="AppendQueue"/> makes each turn carry many appends.
/// </remarks>
public abstract class SqlStreamStoreBase : StreamStoreBase, ISnapshotStore, IStreamArchive
{
    private readonly SqlText sql;
    private readonly AppendQueue queue;
    private readonly Retention retention;
    private readonly Scavenger scavenger;
    private readonly Archiver archiver;
    private readonly ArchiveReads archived;

    private protected SqlStreamStoreBase(
        SqlText sql, GetUtcNow getUtcNow, TimeSpan lookInterval, CreateStreamStoreNotifier? createNotifier)
        : base(getUtcNow, lookInterval, createNotifier)
    {
        this.sql = sql;
        queue = new AppendQueue(WriteGroup, WritingEnded, new Ahead(this));
        retention = new Retention(this, sql.Retention);
        scavenger = new Scavenger(Scavenge, Closing);
        archiver = new Archiver(this, sql.Archive);
        archived = new ArchiveReads(this, sql.Archive);
    }

    /// <summary>Whether deletions are not noted.</summary>
    internal abstract bool DisablesDeletionTracking { get; }

    private protected abstract bool ScavengesAsynchronously { get; }

    /// <summary>Creates missing tables. May be called at every start, by several processes at once.</summary>
    public async Task CreateSchemaIfNotExists(CancellationToken cancellationToken = default)
    {
        await using var connection = await Open(cancellationToken);
        await BeforeSchema(connection, cancellationToken);
        await using var transaction = await Begin(connection, forWriting: true, cancellationToken);
        await PrepareSchema(connection, transaction, cancellationToken);
        await using var command = Command(connection, transaction, sql.CreateSchema);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Looks at what is there before the missing is created.</summary>
    private protected abstract Task PrepareSchema(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken);

    /// <inheritdoc />
    public async Task<Snapshot?> ReadSnapshot(StreamId streamId, string type, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(streamId);
        GuardAgainstDisposed();
        await using var connection = await Open(cancellationToken);
        await using var command = Command(connection, null, sql.ReadSnapshot, ("id", KeyOf(streamId.Value)), ("type", type));
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new Snapshot(reader.GetInt32(0), ReadId(reader, 1), reader.GetString(2)) : null;
    }

    /// <inheritdoc />
    public async Task WriteSnapshot(StreamId streamId, string type, Snapshot snapshot, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(streamId);
        GuardAgainstDisposed();
        await using var connection = await Open(cancellationToken);
        await using var command = Command(
            connection, null, sql.WriteSnapshot,
            ("id", KeyOf(streamId.Value)), ("type", type), ("version", snapshot.StreamVersion), ("message", snapshot.MessageId), ("state", snapshot.Json));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc />
    public IAsyncEnumerable<ArchivedSegment> Archive(DateTime before, CancellationToken cancellationToken = default)
    {
        GuardAgainstDisposed();
        return archiver.Archive(before, cancellationToken);
    }

    /// <inheritdoc />
    public IAsyncEnumerable<ArchivableMessages> FindArchivable(DateTime before, CancellationToken cancellationToken = default)
    {
        GuardAgainstDisposed();
        return archiver.FindArchivable(before, cancellationToken);
    }

    /// <inheritdoc />
    public Task ReuseSpace(CancellationToken cancellationToken = default)
    {
        GuardAgainstDisposed();
        return archiver.ReuseSpace(cancellationToken);
    }

    internal abstract ValueTask<DbConnection> Open(CancellationToken cancellationToken);

    internal abstract ValueTask<DbTransaction> Begin(DbConnection connection, bool forWriting, CancellationToken cancellationToken);

    /// <summary>Called before the schema is created, not in a transaction.</summary>
    private protected virtual Task BeforeSchema(DbConnection connection, CancellationToken cancellationToken) => Task.CompletedTask;

    private protected abstract void Add(DbCommand command, string name, object value);

    internal abstract object IdList(IEnumerable<Guid> ids);

    internal abstract object NumberList(IEnumerable<long> numbers);

    internal abstract Guid ReadId(DbDataReader reader, int column);

    internal abstract DateTime ReadTime(DbDataReader reader, int column);

    /// <summary>The key of a stream in the database.</summary>
    internal virtual string KeyOf(string streamId) => StreamKey.Of(streamId);

    /// <summary>The name that ids of a stream's metadata messages are made from: that of the stream that holds them.</summary>
    internal virtual string MetadataIdStream(string streamId) => MetadataMessage.StreamOf(streamId).Value;

    private protected override void Close() => queue.Dispose();

    private protected override async Task<AppendResult> Append(StreamId stream, int expected, NewStreamMessage[] messages, CancellationToken cancellationToken)
    {
        if (AppendDecision.HasRepeats(messages)) throw WrongExpectedVersionException.Of(stream.Value, expected);
        var (result, maxCount) = await queue.Append(new PendingAppend(stream, KeyOf(stream.Value), expected, messages, cancellationToken), cancellationToken);
        if (maxCount is > 0 && result.CurrentVersion >= maxCount)
        {
            if (ScavengesAsynchronously) scavenger.Enqueue(stream);
            else await scavenger.Scavenge(stream);
        }

        return result;
    }

    private protected override Task<long> Delete(StreamId stream, int expected, CancellationToken cancellationToken) =>
        retention.Delete(stream, expected, cancellationToken);

    private protected override Task<long> Delete(StreamId stream, Guid message, CancellationToken cancellationToken) =>
        retention.Delete(stream, message, cancellationToken);

    private protected override Task<long> SetMetadata(MetadataMessage metadata, int expected, CancellationToken cancellationToken) =>
        retention.SetMetadata(metadata, expected, cancellationToken);

    private protected override async Task PurgeExpired(StreamId stream, IReadOnlyCollection<Guid> messages, CancellationToken cancellationToken) =>
        Visible(await retention.PurgeExpired(stream, messages, Now(), cancellationToken));

    private async Task Scavenge(StreamId stream, CancellationToken cancellationToken) => Visible(await retention.Scavenge(stream, cancellationToken));

    /// <summary>Runs a change that is no append in a transaction of its own that holds the head row.</summary>
    /// <returns>The highest position given out.</returns>
    internal async Task<long> Change(Func<RetentionChange, Task> work, CancellationToken cancellationToken)
    {
        await using var connection = await Open(cancellationToken);
        await using var transaction = await Begin(connection, forWriting: true, cancellationToken);
        var writer = new AppendWriter(this, sql, connection, transaction, Now());
        await writer.LockHead();
        await work(new RetentionChange(this, sql.Archive, connection, transaction, writer));
        await writer.SetHead();
        await transaction.CommitAsync(CancellationToken.None);
        return writer.Head;
    }

    private async Task WriteGroup(IReadOnlyList<PendingAppend> group) => Settle(group, await Write(group));

    private static void Settle(IReadOnlyList<PendingAppend> group, AppendOutcome?[] outcomes)
    {
        for (var index = 0; index < group.Count; index++) group[index].Settle(outcomes[index]);
    }

    /// <summary>How many appends a group must have to be worth writing ahead.</summary>
    private protected virtual int FewestAhead => int.MaxValue;

    /// <summary>Whether a group could probably be written ahead, while the one before it is under way. Asked often.</summary>
    private protected virtual bool MayWriteAhead => false;

    /// <summary>Writes a group while the one before it is under way, in a transaction that is committed after that one's.</summary>
    /// <returns>The outcomes in the order of the group; null when nothing was written, and the group has to be written when it is the only one.</returns>
    private protected virtual Task<AppendOutcome?[]?> TryWriteAhead(IReadOnlyList<PendingAppend> group) => Task.FromResult<AppendOutcome?[]?>(null);

    /// <summary>Writes a group in one transaction.</summary>
    /// <returns>The outcomes in the order of the group; null for a wrong expected version.</returns>
    private protected virtual async Task<AppendOutcome?[]> Write(IReadOnlyList<PendingAppend> group)
    {
        var outcomes = new AppendOutcome?[group.Count];
        await using var connection = await Open(CancellationToken.None);
        await using var transaction = await Begin(connection, forWriting: true, CancellationToken.None);
        var writer = new AppendWriter(this, sql, connection, transaction, Now());
        await writer.LockHead();
        for (var index = 0; index < group.Count; index++) outcomes[index] = await writer.Append(group[index]);
        await writer.SetHead();
        await transaction.CommitAsync();
        return outcomes;
    }

    /// <summary>Called when the store was disposed and no group is being written any more.</summary>
    private protected virtual ValueTask WritingEnded() => default;

    private protected sealed override async Task<List<StreamMessage>> ReadAll(
        long from, int count, ReadDirection direction, bool prefetch, CancellationToken cancellationToken) =>
        (await archived.Complete(() => FetchAll(from, count, direction, prefetch, cancellationToken), rows => rows, prefetch, cancellationToken)).Messages;

    private protected sealed override async Task<(int Version, long Position, List<StreamMessage> Rows)?> ReadStream(
        StreamId stream, int from, int count, ReadDirection direction, bool prefetch, CancellationToken cancellationToken) =>
        await archived.Complete(() => FetchStream(stream, from, count, direction, prefetch, cancellationToken), found => found?.Rows, prefetch, cancellationToken)
            is var (version, position, rows)
            ? (version, position, rows.Messages)
            : null;

    private protected virtual async Task<PageRows> FetchAll(long from, int count, ReadDirection direction, bool prefetch, CancellationToken cancellationToken)
    {
        await using var connection = await Open(cancellationToken);
        await using var command = Command(connection, null, sql.ReadAll(direction == ReadDirection.Forward, prefetch), ("from", from), ("count", count));
        return await Messages(command, prefetch, cancellationToken);
    }

    private protected virtual async Task<(int Version, long Position, PageRows Rows)?> FetchStream(
        StreamId stream, int from, int count, ReadDirection direction, bool prefetch, CancellationToken cancellationToken)
    {
        await using var connection = await Open(cancellationToken);
        await using var transaction = await Begin(connection, forWriting: false, cancellationToken);
        if (await Find(connection, transaction, stream, cancellationToken) is not { } row) return null;
        await using var command = Command(
            connection, transaction, sql.ReadStream(direction == ReadDirection.Forward, prefetch), ("stream", row.Id), ("from", from), ("count", count));
        return (row.Version, row.Position, await Messages(command, prefetch, cancellationToken));
    }

    private protected override async Task<long> HeadPosition(CancellationToken cancellationToken)
    {
        await using var connection = await Open(cancellationToken);
        await using var command = Command(connection, null, sql.ReadHead);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), System.Globalization.CultureInfo.InvariantCulture);
    }

    private protected override async Task<(string[] Ids, long? Last)> List(Pattern pattern, long after, int count, CancellationToken cancellationToken)
    {
        await using var connection = await Open(cancellationToken);
        await using var command = Command(connection, null, sql.ListStreams(pattern), ("after", after), ("count", count), ("value", pattern.Value));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<string>();
        long? last = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            last = reader.GetInt64(0);
            ids.Add(reader.GetString(1));
        }

        return ([.. ids], last);
    }

    internal async Task<StreamRow?> Find(DbConnection connection, DbTransaction transaction, StreamId stream, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, transaction, sql.FindStream, ("id", KeyOf(stream.Value)));
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new StreamRow(reader.GetInt64(0), reader.GetInt32(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetInt32(3)) : null;
    }

    internal async Task<Dictionary<Guid, int>> FindMessages(DbConnection connection, DbTransaction transaction, long stream, NewStreamMessage[] messages)
    {
        var stored = new Dictionary<Guid, int>();
        await using var command = Command(connection, transaction, sql.FindMessages, ("stream", stream), ("ids", IdList(messages.Select(message => message.MessageId))));
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) stored[ReadId(reader, 0)] = reader.GetInt32(1);
        return stored;
    }

    internal DbCommand Command(DbConnection connection, DbTransaction? transaction, string text, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        command.Transaction = transaction;
        foreach (var (name, value) in parameters) Add(command, name, value);
        return command;
    }

    private async Task<PageRows> Messages(DbCommand command, bool prefetch, CancellationToken cancellationToken)
    {
        var rows = new PageRows();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) rows.Add(Message(reader, prefetch), reader.IsDBNull(9) ? null : reader.GetInt64(9));
        return rows;
    }

    private StreamMessage Message(DbDataReader reader, bool prefetch)
    {
        var (streamId, version, position) = (reader.GetString(0), reader.GetInt32(1), reader.GetInt64(2));
        var (id, created, type) = (ReadId(reader, 3), ReadTime(reader, 4), reader.GetString(5));
        var metadata = reader.IsDBNull(6) ? "" : reader.GetString(6);
        object data = prefetch ? reader.GetString(7) : (Func<CancellationToken, Task<string?>>)(token => Data(position, token));
        return new StreamMessage(streamId, id, version, position, created, type, metadata, data, reader.IsDBNull(8) ? null : reader.GetInt32(8));
    }

    /// <summary>The data of a message. By its position, which is never given out again; names of metadata streams may have been cut off by SqlStreamStore.</summary>
    private protected Task<string?> Data(long position, CancellationToken cancellationToken) => archived.Data(async () =>
    {
        await using var connection = await Open(cancellationToken);
        await using var command = Command(connection, null, sql.ReadData, ("position", position));
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetInt64(1)) : ((string?)null, (long?)null);
    }, position, cancellationToken);

    private sealed class Ahead(SqlStreamStoreBase store) : IWritesAhead
    {
        public int FewestAppends => store.FewestAhead;

        public bool IsLikely => store.MayWriteAhead;

        public async Task<bool> TryWrite(IReadOnlyList<PendingAppend> group)
        {
            if (await store.TryWriteAhead(group) is not { } outcomes) return false;
            Settle(group, outcomes);
            return true;
        }
    }

    internal sealed record StreamRow(long Id, int Version, long Position, int? MaxCount);
}
