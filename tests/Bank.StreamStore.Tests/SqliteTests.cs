using Bank.StreamStore.Infrastructure;
using Microsoft.Data.Sqlite;

namespace Bank.StreamStore.Tests;

public sealed class SqliteFixture : StoreFixture
{
    private readonly string _directory = Directory.CreateTempSubdirectory("stream-store-").FullName;
    private string _file = "";

    public string ConnectionString => new SqliteConnectionStringBuilder { DataSource = _file }.ToString();

    public override Task Reset()
    {
        _file = Path.Combine(_directory, Guid.NewGuid().ToString("N") + ".db");
        return Task.CompletedTask;
    }

    public override async Task<IStreamStore> Open(GetUtcNow getUtcNow)
    {
        var store = new SqliteStreamStore(new SqliteStreamStoreSettings(ConnectionString) { GetUtcNow = getUtcNow, LookInterval = TimeSpan.FromMilliseconds(50) });
        await store.CreateSchemaIfNotExists();
        return store;
    }

    public override Task DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
        return Task.CompletedTask;
    }
}

public sealed class SqliteAppendTests(SqliteFixture fixture) : AppendBehaviour(fixture), IClassFixture<SqliteFixture>;

public sealed class SqliteReadTests(SqliteFixture fixture) : ReadBehaviour(fixture), IClassFixture<SqliteFixture>;

public sealed class SqliteSubscriptionTests(SqliteFixture fixture) : SubscriptionBehaviour(fixture), IClassFixture<SqliteFixture>;

public sealed class SqliteModelTests(SqliteFixture fixture) : ModelBehaviour(fixture), IClassFixture<SqliteFixture>;

public sealed class SqliteConcurrencyTests(SqliteFixture fixture) : ConcurrencyBehaviour(fixture), IClassFixture<SqliteFixture>;
