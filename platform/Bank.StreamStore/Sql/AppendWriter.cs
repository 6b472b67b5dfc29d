using System.Data.Common;
using System.Globalization;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Sql;

/// <summary>Writes the appends of one group within one transaction, which holds the head row from beginning to end.</summary>
internal sealed class AppendWriter(SqlStreamStoreBase store, SqlText sql, DbConnection connection, DbTransaction transaction, DateTime now)
{
    private readonly Dictionary<string, SqlStreamStoreBase.StreamRow> changed = new(StringComparer.Ordinal);
    private long head;
    private long headAtStart;

    /// <summary>The highest position given out.</summary>
    public long Head => head;

    public async Task LockHead()
    {
        await using var command = store.Command(connection, transaction, sql.LockHead);
        head = headAtStart = Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    public async Task SetHead()
    {
        if (head == headAtStart) return;
        await using var command = store.Command(connection, transaction, sql.SetHead, ("position", head));
        await command.ExecuteNonQueryAsync();
    }

    /// <returns>The outcome; null for a wrong expected version.</returns>
    public async Task<AppendOutcome?> Append(PendingAppend append)
    {
        var row = changed.GetValueOrDefault(append.Stream.Value) ?? await store.Find(connection, transaction, append.Stream, CancellationToken.None);
        var stored = row is null or { Version: -1 } ? [] : await store.FindMessages(connection, transaction, row.Id, append.Messages);
        var ids = Array.ConvertAll(append.Messages, message => message.MessageId);
        switch (AppendDecision.Decide(append.Expected, row?.Version, ids, stored))
        {
            case AppendDecision.Outcome.Wrong:
                return null;
            case AppendDecision.Outcome.Write:
                row = await Write(append, row ?? await Create(append.Stream));
                changed[append.Stream.Value] = row;
                break;
        }

        return new AppendOutcome(new AppendResult(row!.Version, row.Position), row.MaxCount);
    }

    private async Task<SqlStreamStoreBase.StreamRow> Create(StreamId stream)
    {
        await using var command = store.Command(
            connection, transaction, sql.InsertStream,
            ("id", store.KeyOf(stream.Value)), ("original", stream.Value), ("limits", store.KeyOf(MetadataMessage.StreamOf(stream.Value).Value)));
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return new SqlStreamStoreBase.StreamRow(reader.GetInt64(0), -1, -1, reader.IsDBNull(1) ? null : reader.GetInt32(1));
    }

    private async Task<SqlStreamStoreBase.StreamRow> Write(PendingAppend append, SqlStreamStoreBase.StreamRow row)
    {
        if (append.Messages.Length == 0) return row;
        foreach (var message in append.Messages)
        {
            row = row with { Version = row.Version + 1 };
            await using var insert = store.Command(
                connection, transaction, sql.InsertMessage,
                ("stream", row.Id), ("version", row.Version), ("position", head + 1), ("message", message.MessageId), ("created", now),
                ("type", message.Type), ("data", message.JsonData), ("metadata", message.JsonMetadata.Length == 0 ? DBNull.Value : message.JsonMetadata));
            // A database that gives the positions itself returns the one it gave.
            head = await insert.ExecuteScalarAsync() as long? ?? head + 1;
            row = row with { Position = head };
        }

        await using var update = store.Command(
            connection, transaction, sql.UpdateStream, ("stream", row.Id), ("version", row.Version), ("position", row.Position));
        await update.ExecuteNonQueryAsync();
        return row;
    }
}
