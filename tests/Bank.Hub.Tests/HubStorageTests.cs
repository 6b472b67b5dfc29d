using System.Data.Common;
using Bank.Hosting;
using Bank.Testing.Servers;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Bank.Hub.Tests;

public sealed class InMemoryHubStorageTests : HubStorageBehaviour
{
    private readonly FakeTimeProvider _clock = new();

    protected override Task<IHubStorage> Open() => Task.FromResult<IHubStorage>(new InMemoryHubStorage(_clock));

    protected override Task Pass(TimeSpan time)
    {
        _clock.Advance(time);
        return Task.CompletedTask;
    }
}

public sealed class SqliteHubStorageTests : HubStorageBehaviour
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hub-").FullName;

    public override Task DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
        return Task.CompletedTask;
    }

    // As an endpoint opens it: who comes second waits, rather than hear that the database is locked.
    protected override Task<IHubStorage> Open() => Task.FromResult<IHubStorage>(SqlHubStorage.OnSqlite(
        async token => await new BankDatabase(DatabaseKind.Sqlite, $"Data Source={Path.Combine(_directory, "hub.db")}").OpenAsync(token)));

    protected override Task Pass(TimeSpan time) => Task.Delay(time);
}

public sealed class PostgresHubStorageTests : HubStorageBehaviour
{
    protected override async Task<IHubStorage> Open()
    {
        var connectionString = await TestDatabase.Create();
        Skip.If(connectionString.Length == 0, TestDatabase.WhyMissing);
        return SqlHubStorage.OnPostgreSql(async token =>
        {
            DbConnection connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync(token);
            return connection;
        });
    }

    protected override Task Pass(TimeSpan time) => Task.Delay(time);
}
