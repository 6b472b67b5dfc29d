using System.Data.Common;
using Bank.Hub.Replays;
using Bank.Testing.Servers;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Bank.Hub.Tests.Replays;

public sealed class InMemoryReplayStorageTests : ReplayStorageBehaviour
{
    protected override Task<IReplayStorage> Open() => Task.FromResult<IReplayStorage>(new InMemoryReplayStorage());
}

public sealed class SqliteReplayStorageTests : ReplayStorageBehaviour
{
    private readonly string _directory = Directory.CreateTempSubdirectory("replays-").FullName;

    public override Task DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
        return Task.CompletedTask;
    }

    protected override Task<IReplayStorage> Open() => Task.FromResult<IReplayStorage>(SqlReplayStorage.OnSqlite(async token =>
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(_directory, "hub.db")}");
        await connection.OpenAsync(token);
        return connection;
    }));
}

public sealed class PostgresReplayStorageTests : ReplayStorageBehaviour
{
    protected override async Task<IReplayStorage> Open()
    {
        var connectionString = await TestDatabase.Create();
        Skip.If(connectionString.Length == 0, TestDatabase.WhyMissing);
        return SqlReplayStorage.OnPostgreSql(async token =>
        {
            DbConnection connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync(token);
            return connection;
        });
    }
}
