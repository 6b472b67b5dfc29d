using System.Data.Common;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Sql;

/// <summary>The open transaction of a change that is no append.</summary>
internal sealed class RetentionChange(SqlStreamStoreBase store, DbConnection connection, DbTransaction transaction, AppendWriter writer)
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
}
