using System.Data;
using Bank.StreamStore.Streams;
using Microsoft.Data.SqlClient;
using Microsoft.Data.SqlClient.Server;

namespace Bank.StreamStore.Sql;

/// <summary>Appends groups to SQL Server: one procedure call is one round trip, one transaction and one flush.</summary>
internal sealed class MsSqlAppends(string schema)
{
    private static readonly SqlMetaData[] StreamColumns =
    [
        new("Stream", SqlDbType.Int), new("Id", SqlDbType.Char, MsSqlStreamKey.Width), new("IdOriginal", SqlDbType.NVarChar, 1000),
        new("MetadataId", SqlDbType.Char, MsSqlStreamKey.Width),
    ];

    private static readonly SqlMetaData[] AppendColumns =
    [
        new("Append", SqlDbType.Int), new("Stream", SqlDbType.Int), new("Round", SqlDbType.Int), new("Expected", SqlDbType.Int), new("Count", SqlDbType.Int),
    ];

    private static readonly SqlMetaData[] MessageColumns =
    [
        new("Append", SqlDbType.Int), new("Ordinal", SqlDbType.Int), new("Id", SqlDbType.UniqueIdentifier), new("Type", SqlDbType.NVarChar, 128),
        new("JsonData", SqlDbType.NVarChar, SqlMetaData.Max), new("JsonMetadata", SqlDbType.NVarChar, SqlMetaData.Max),
    ];

    /// <param name="connection">Open.</param>
    /// <param name="group">The appends.</param>
    /// <param name="created">The time to note; null for the server's.</param>
    /// <returns>The outcomes in the order of the group; null for a wrong expected version.</returns>
    public async Task<AppendOutcome?[]> Write(SqlConnection connection, IReadOnlyList<PendingAppend> group, DateTime? created)
    {
        await using var command = Command(connection, group, created);
        await using var reader = await command.ExecuteReaderAsync();
        var outcomes = new AppendOutcome?[group.Count];
        var settled = 0;
        while (await reader.ReadAsync())
        {
            if (!reader.IsDBNull(0))
                outcomes[settled] = new AppendOutcome(new AppendResult(reader.GetInt32(0), reader.GetInt64(1)), reader.IsDBNull(2) ? null : reader.GetInt32(2));
            settled++;
        }

        return settled == group.Count ? outcomes : throw new InvalidOperationException($"The database told the outcomes of {settled} appends and not of {group.Count}.");
    }

    internal SqlCommand Command(SqlConnection? connection, IReadOnlyList<PendingAppend> group, DateTime? created)
    {
        var command = new SqlCommand($"[{schema}].[AppendGroup_1]", connection) { CommandType = CommandType.StoredProcedure };
        var (streams, appends) = Number(group);
        AddTable(command, "@streams", "AppendGroupStreams_1", Streams(streams));
        AddTable(command, "@appends", "AppendGroupAppends_1", Appends(group, appends));
        // A table without rows is told by null.
        AddTable(command, "@messages", "AppendGroupMessages_1", group.Any(append => append.Messages.Length > 0) ? Messages(group) : null);
        command.Parameters.Add("@created", SqlDbType.DateTime).Value = created ?? (object)DBNull.Value;
        return command;
    }

    private void AddTable(SqlCommand command, string name, string type, IEnumerable<SqlDataRecord>? rows)
    {
        var parameter = command.Parameters.Add(name, SqlDbType.Structured);
        parameter.TypeName = $"[{schema}].[{type}]";
        parameter.Value = rows;
    }

    /// <summary>Gives each stream a number, and each append its stream and a place among the appends of that stream.</summary>
    private static (List<string> Streams, (int Stream, int Round)[] Appends) Number(IReadOnlyList<PendingAppend> group)
    {
        var names = new List<string>();
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var rounds = new List<int>();
        var appends = new (int, int)[group.Count];
        for (var index = 0; index < group.Count; index++)
        {
            var name = group[index].Stream.Value;
            if (!numbers.TryGetValue(name, out var number))
            {
                numbers.Add(name, number = names.Count);
                names.Add(name);
                rounds.Add(0);
            }

            appends[index] = (number + 1, ++rounds[number]);
        }

        return (names, appends);
    }

    // One record for all rows: the driver has written a row before it asks for the next.
    private static IEnumerable<SqlDataRecord> Streams(List<string> names)
    {
        var record = new SqlDataRecord(StreamColumns);
        for (var index = 0; index < names.Count; index++)
        {
            record.SetInt32(0, index + 1);
            record.SetString(1, MsSqlStreamKey.Of(names[index]));
            record.SetString(2, names[index]);
            record.SetString(3, MsSqlStreamKey.OfMetadata(names[index]));
            yield return record;
        }
    }

    private static IEnumerable<SqlDataRecord> Appends(IReadOnlyList<PendingAppend> group, (int Stream, int Round)[] appends)
    {
        var record = new SqlDataRecord(AppendColumns);
        for (var index = 0; index < group.Count; index++)
        {
            record.SetInt32(0, index + 1);
            record.SetInt32(1, appends[index].Stream);
            record.SetInt32(2, appends[index].Round);
            record.SetInt32(3, group[index].Expected);
            record.SetInt32(4, group[index].Messages.Length);
            yield return record;
        }
    }

    private static IEnumerable<SqlDataRecord> Messages(IReadOnlyList<PendingAppend> group)
    {
        var record = new SqlDataRecord(MessageColumns);
        for (var index = 0; index < group.Count; index++)
        {
            var messages = group[index].Messages;
            for (var ordinal = 0; ordinal < messages.Length; ordinal++)
            {
                record.SetInt32(0, index + 1);
                record.SetInt32(1, ordinal);
                record.SetGuid(2, messages[ordinal].MessageId);
                record.SetString(3, messages[ordinal].Type);
                record.SetString(4, messages[ordinal].JsonData);
                record.SetString(5, messages[ordinal].JsonMetadata);
                yield return record;
            }
        }
    }
}
