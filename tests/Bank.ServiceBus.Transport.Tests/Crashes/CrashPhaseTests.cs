using System.Data.Common;
using System.Diagnostics;
using System.Text.Json;
using Bank.ServiceBus.Transport.Tests.RabbitMq;
using Bank.Testing.CrashingEndpoint;
using Bank.Testing.Servers;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Bank.ServiceBus.Transport.Tests.Crashes;

/// <summary>
/// A process of its own handles messages with a saga, its own SQL and the outbox, and kills itself with SIGKILL at each phase once. Started again and
/// again until it is through, it leaves every effect behind exactly once.
/// </summary>
public sealed class CrashPhaseTests : IDisposable
{
    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(3);

    private readonly string folder = Directory.CreateTempSubdirectory("crash-").FullName;
    private readonly string run = "Crash" + Guid.NewGuid().ToString("N")[..8];

    [SkippableTheory]
    [InlineData("Learning", "Sqlite")]
    [InlineData("Learning", "PostgreSql")]
    [InlineData("Learning", "SqlServer")]
    [InlineData("RabbitMQ", "Sqlite")]
    [InlineData("RabbitMQ", "PostgreSql")]
    [InlineData("RabbitMQ", "SqlServer")]
    public async Task Whenever_a_process_dies_each_message_takes_effect_exactly_once(string transport, string database)
    {
        var broker = transport == "RabbitMQ" ? Broker.ConnectionString : Path.Combine(folder, "queues");
        var (connectionString, whyMissing) = database switch
        {
            "PostgreSql" => (await TestDatabase.Create(), TestDatabase.WhyMissing),
            "SqlServer" => (await SqlServerTestDatabase.Create(), SqlServerTestDatabase.WhyMissing),
            _ => ($"Data Source={Path.Combine(folder, "crash.db")}", ""),
        };
        Skip.If(connectionString.Length == 0, whyMissing);
        var deaths = Directory.CreateDirectory(Path.Combine(folder, "deaths")).FullName;

        for (var died = 0; await Live(deaths, transport, broker, database, connectionString) is { } failure;)
        {
            var now = Directory.GetFiles(deaths).Length;
            Assert.True(now == died + 1, $"The process ended otherwise than by its death: {failure}");
            died = now;
        }

        Assert.Equal(Enum.GetNames<Phase>().Order(), Directory.GetFiles(deaths).Select(Path.GetFileName).Order());
        await using DbConnection connection = database switch
        {
            "PostgreSql" => new NpgsqlConnection(connectionString),
            "SqlServer" => new SqlConnection(connectionString),
            _ => new SqliteConnection(connectionString),
        };
        await connection.OpenAsync();
        string[] work = [.. Enum.GetValues<Phase>().Select(Death.MessageOf), "work-Last"];
        Assert.Equal(
            work.SelectMany(id => new[] { "command|" + id, "event|" + id, "work|" + id }).Order(StringComparer.Ordinal),
            (await Ask(connection, "SELECT kind, work FROM effects")).Order(StringComparer.Ordinal));
        using var saga = JsonDocument.Parse(Assert.Single(await Ask(connection, """SELECT "Data" FROM "WorkSaga" """)));
        Assert.Equal(
            work.Order(StringComparer.Ordinal),
            saga.RootElement.GetProperty("Done").EnumerateArray().Select(item => item.GetString()!).Order(StringComparer.Ordinal));
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    /// <returns>Null when it came to its end; otherwise what it said when it died.</returns>
    private async Task<string?> Live(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Death).Assembly.Location, run, .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(LongestLife);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            return $"it neither died nor ended within {LongestLife}.";
        }

        return process.ExitCode == 0 ? null : $"exit code {process.ExitCode}. {await output}{await errors}";
    }

    private static async Task<List<string>> Ask(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(column => reader.GetValue(column).ToString())));
        return rows;
    }
}
