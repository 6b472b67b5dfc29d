using System.Data.Common;
using Bank.Hub.Projections;
using Bank.Testing.Servers;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Bank.Hub.Tests.Projections;

public sealed class SqliteProjectionTests : ProjectionBehaviour
{
    private readonly string _directory = Directory.CreateTempSubdirectory("projections-").FullName;

    protected override string CountOldTables => "SELECT COUNT(*) FROM sqlite_master WHERE name IN ('counter__1', 'step__1')";

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }

    protected override async Task<ProjectionDatabase> Prepare()
    {
        await using var connection = await Connect();
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL";
        await command.ExecuteNonQueryAsync();
        return ProjectionDatabase.OnSqlite(async _ => await Connect());
    }

    protected override async Task<DbConnection> Connect()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(_directory, "views.db")}");
        await connection.OpenAsync();
        return connection;
    }
}

public sealed class PostgresProjectionTests : ProjectionBehaviour
{
    private string _connectionString = "";

    [SkippableFact]
    public async Task Events_that_are_handled_at_the_same_time_are_written_in_few_transactions()
    {
        var process = await Started();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(version => process.Handle(new Counted("busy", version, version))));
        Assert.Equal(200, await Number("SELECT COUNT(*) FROM step"));
        // The server notes with each row which transaction wrote it.
        Assert.InRange(await Number("SELECT COUNT(DISTINCT xmin::text) FROM step__1"), 1, 50);
    }

    protected override string CountOldTables => "SELECT COUNT(*) FROM pg_class WHERE relname IN ('counter__1', 'step__1')";

    protected override async Task<ProjectionDatabase> Prepare()
    {
        _connectionString = await TestDatabase.Create();
        Skip.If(_connectionString.Length == 0, TestDatabase.WhyMissing);
        return ProjectionDatabase.OnPostgreSql(async _ => await Connect());
    }

    protected override async Task<DbConnection> Connect()
    {
        var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync();
        return connection;
    }
}
