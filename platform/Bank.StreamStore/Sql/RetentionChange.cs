using System.Data.Common;
using Bank.StreamStore.Archiving;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Sql;

/// <summary>The open transaction of a change that is no append.</summary>
internal sealed class RetentionChange(SqlStreamStoreBase store, ArchiveText archive, DbConnection connection, DbTransaction transaction, AppendWriter writer)
{
    public Task<SqlStreamStoreBase.StreamRow?> Find(StreamId stream) => store.Find(connection, transaction, stream, CancellationToken.None);

    public Task<Dictionary<Guid, int>> FindMessages(long stream, NewStreamMessage[] messages) => store.FindMessages(connection, transaction, stream, messages);

    /// <exception cref="WrongExpectedVersionException">The stream has another version.</exception>
    public async Task<AppendResult> Append(StreamId stream, int expected, NewStreamMessage[] messages) =>
        (await writer.Append(new PendingAppend(stream, store.KeyOf(stream.Value), expected, messages, CancellationToken.None)))?.Result ?? throw WrongExpectedVersionException.Of(stream.Value, expected);

    public object IdList(IEnumerable<Guid> ids) => store.IdList(ids);

    public async Task Execute(string text, params (string Name, object Value)[] parameters)
    {
        await using var command = store.Command(connection, transaction, text, parameters);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<object?> Scalar(string text, params (string Name, object Value)[] parameters)
    {
        await using var command = store.Command(connection, transaction, text, parameters);
        return await command.ExecuteScalarAsync();
    }

    public async Task<HashSet<Guid>> ReadMessageIds(string text, params (string Name, object Value)[] parameters)
    {
        await using var command = store.Command(connection, transaction, text, parameters);
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new HashSet<Guid>();
        while (await reader.ReadAsync()) ids.Add(store.ReadId(reader, 0));
        return ids;
    }

    /// <summary>Deletes messages, and what the archive holds of them.</summary>
    /// <param name="text">Deletes them and returns id, position and segment of each.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <returns>Their ids, as far as they were returned.</returns>
    public async Task<HashSet<Guid>> Remove(string text, params (string Name, object Value)[] parameters)
    {
        var ids = new HashSet<Guid>();
        var archived = new Dictionary<long, HashSet<long>>();
        await using (var command = store.Command(connection, transaction, text, parameters))
        {
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                ids.Add(store.ReadId(reader, 0));
                if (reader.IsDBNull(2)) continue;
                if (!archived.TryGetValue(reader.GetInt64(2), out var positions)) archived.Add(reader.GetInt64(2), positions = []);
                positions.Add(reader.GetInt64(1));
            }
        }

        foreach (var (segment, positions) in archived) await RemoveFromArchive(segment, positions);
        return ids;
    }

    // Nobody else changes a segment meanwhile: whoever deletes holds the head row.
    private async Task RemoveFromArchive(long id, HashSet<long> positions)
    {
        var payloads = (await ReadSegment(id, positions.First())).Without(positions);
        if (payloads.Count == 0)
        {
            await Execute(archive.DeleteSegment, ("segment", id));
            return;
        }

        var stored = Segment.Encode(payloads);
        await Execute(archive.UpdateSegment, ("segment", id), ("messages", payloads.Count), ("checksum", Segment.ChecksumOf(stored)), ("payload", stored));
    }

    private async Task<Segment> ReadSegment(long id, long position)
    {
        await using var command = store.Command(connection, transaction, archive.ReadSegments, ("segments", store.NumberList([id])));
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? ArchiveReads.Read(reader, position) : throw new ArchiveDamagedException(id, position, "is missing");
    }
}
