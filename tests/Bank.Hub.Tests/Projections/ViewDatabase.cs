using System.Data.Common;
using System.Globalization;
using Bank.Hub.Projections;
using Bank.Testing.Servers;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Bank.Hub.Tests.Projections;

/// <summary>A database of its own for the views of a test.</summary>
public abstract class ViewDatabase : IAsyncDisposable
{
    /// <summary>Creates it.</summary>
    public abstract Task<ProjectionDatabase> Prepare();

    public abstract Task<DbConnection> Connect();

    /// <summary>Counts the tables of generation 1.</summary>
    public abstract string CountOldTables { get; }

    /// <summary>Counts the swaps that wait until readers have ended.</summary>
    public abstract string CountWaitingSwaps { get; }

    public abstract ValueTask DisposeAsync();

    public async Task<long> Number(string sql)
    {
        await using var connection = await Connect();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }
}

public sealed class SqliteViews : ViewDatabase
{
    private readonly string _directory = Directory.CreateTempSubdirectory("projections-").FullName;

    public override string CountOldTables => "SELECT COUNT(*) FROM sqlite_master WHERE name IN ('counter__1', 'step__1')";

    // A reader keeps the database as it was.
    public override string CountWaitingSwaps => "SELECT 0";

    public override async Task<ProjectionDatabase> Prepare()
    {
        await using var connection = await Connect();
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL";
        await command.ExecuteNonQueryAsync();
        return ProjectionDatabase.OnSqlite(async _ => await Connect());
    }

    public override async Task<DbConnection> Connect()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(_directory, "views.db")}");
        await connection.OpenAsync();
        return connection;
    }

    public override ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }
}

public sealed class PostgresViews : ViewDatabase
{
    private string _connectionString = "";

    public override string CountOldTables => "SELECT COUNT(*) FROM pg_class WHERE relname IN ('counter__1', 'step__1')";

    public override string CountWaitingSwaps =>
        "SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock' AND relation = 'projection_gate'::regclass AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

    public override async Task<ProjectionDatabase> Prepare()
    {
        _connectionString = await TestDatabase.Create();
        Skip.If(_connectionString.Length == 0, TestDatabase.WhyMissing);
        return ProjectionDatabase.OnPostgreSql(async _ => await Connect());
    }

    public override async Task<DbConnection> Connect()
    {
        var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync();
        return connection;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

public sealed class SqlServerViews : ViewDatabase
{
    private string _connectionString = "";

    public override string CountOldTables => "SELECT COUNT(*) FROM sys.tables WHERE name IN ('counter__1', 'step__1')";

    public override string CountWaitingSwaps => "SELECT COUNT(*) FROM sys.dm_tran_locks WHERE resource_type = 'APPLICATION' AND request_mode = 'X' AND request_status = 'WAIT' AND resource_database_id = DB_ID()";

    public override async Task<ProjectionDatabase> Prepare()
    {
        _connectionString = await SqlServerTestDatabase.Create();
        Skip.If(_connectionString.Length == 0, SqlServerTestDatabase.WhyMissing);
        return ProjectionDatabase.OnSqlServer(async _ => await Connect());
    }

    public override async Task<DbConnection> Connect()
    {
        var connection = new SqlConnection(_connectionString);
        await connection.OpenAsync();
        return connection;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
