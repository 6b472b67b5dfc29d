using System.Text;
using System.Text.Json;
using Bank.Hosting;
using Bank.Transfers.Tests.Http;

namespace Bank.Transfers.Tests.KnownAccounts;

/// <summary>Everything that says how a copy stands, for whoever reads why a test failed.</summary>
internal static class CopyState
{
    private static readonly string[] Tables = ["projection_generation", "projection_fill", "projection_replay", "known_account"];

    public static async Task<string> Describe(TransfersApp app, BankDatabase database)
    {
        var text = new StringBuilder();
        foreach (var table in Tables) await Rows(text, database, table, $"SELECT * FROM {table}");
        if (database.Kind == DatabaseKind.PostgreSql)
        {
            await Rows(
                text, database, "who is connected",
                "SELECT pid, state, wait_event_type, wait_event, pg_blocking_pids(pid)::text AS behind, now() - query_start AS since, query FROM pg_stat_activity WHERE datname = current_database()");
        }

        text.AppendLine("sent:");
        foreach (var sent in app.Sent.SentMessages) text.AppendLine(JsonSerializer.Serialize(sent.Message, MessageJson.Options));
        text.AppendLine("log:");
        foreach (var line in app.Log) text.AppendLine(line);
        return text.Append($"threads: {ThreadPool.ThreadCount}, work that waits for one: {ThreadPool.PendingWorkItemCount}").ToString();
    }

    // What cannot be told must not hide the rest.
    private static async Task Rows(StringBuilder text, BankDatabase database, string title, string query)
    {
        text.AppendLine($"{title}:");
        try
        {
            await using var connection = await database.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = query;
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                text.AppendLine(string.Join(", ", Enumerable.Range(0, reader.FieldCount).Select(column => $"{reader.GetName(column)} = {(reader.IsDBNull(column) ? "null" : reader.GetValue(column))}")));
        }
        catch (Exception exception)
        {
            text.AppendLine(exception.ToString());
        }
    }
}
