using Bank.StreamStore.Infrastructure;
using Microsoft.Data.Sqlite;

namespace Bank.StreamStore.Tests;

public sealed class SqliteFixture : StoreFixture
{
    private readonly string _directory = Directory.CreateTempSubdirectory("stream-store-").FullName;
    private string _file = "";
    private SqliteStreamStoreSettings? _settings;

    public string ConnectionString => new SqliteConnectionStringBuilder { DataSource = _file }.ToString();

    public override Task Reset()
    {
        _file = Path.Combine(_directory, Guid.NewGuid().ToString("N") + ".db");
        return Task.CompletedTask;
    }

    public override async Task<IStreamStore> Open(GetUtcNow getUtcNow)
    {
        _settings = new SqliteStreamStoreSettings(ConnectionString)
        {
            GetUtcNow = getUtcNow, LookInterval = TimeSpan.FromMilliseconds(50), ScavengeAsynchronously = false, CreateStreamStoreNotifier = CreateNotifier,
        };
        var store = new SqliteStreamStore(_settings);
        await store.CreateSchemaIfNotExists();
        return store;
    }

    public override void DisableDeletionTracking() => _settings!.DisableDeletionTracking = true;

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

public sealed class SqliteDeleteStreamTests(SqliteFixture fixture) : DeleteStreamBehaviour(fixture), IClassFixture<SqliteFixture>;

public sealed class SqliteDeleteMessageTests(SqliteFixture fixture) : DeleteMessageBehaviour(fixture), IClassFixture<SqliteFixture>;

public sealed class SqliteMetadataTests(SqliteFixture fixture) : MetadataBehaviour(fixture), IClassFixture<SqliteFixture>;

public sealed class SqliteLimitsTests(SqliteFixture fixture) : LimitsBehaviour(fixture), IClassFixture<SqliteFixture>;

public sealed class SqliteListStreamsTests(SqliteFixture fixture) : ListStreamsBehaviour(fixture), IClassFixture<SqliteFixture>;

public sealed class SqliteStreamSubscriptionTests(SqliteFixture fixture) : StreamSubscriptionBehaviour(fixture), IClassFixture<SqliteFixture>;

public sealed class SqliteNotifierTests(SqliteFixture fixture) : NotifierBehaviour(fixture), IClassFixture<SqliteFixture>;

public sealed class SqliteDisposalTests(SqliteFixture fixture) : DisposalBehaviour(fixture), IClassFixture<SqliteFixture>;

public sealed class SqliteUpgradeTests(SqliteFixture fixture) : StoreBehaviour(fixture), IClassFixture<SqliteFixture>
{
    [SkippableFact]
    public async Task A_file_of_a_time_when_streams_had_no_limits_is_continued()
    {
        await Store.AppendToStream("a", Streams.ExpectedVersion.NoStream, Messages(1, 2, 3));
        await using (var connection = new SqliteConnection(((SqliteFixture)Fixture).ConnectionString))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "ALTER TABLE streams DROP COLUMN max_age; ALTER TABLE streams DROP COLUMN max_count;";
            await command.ExecuteNonQueryAsync();
        }

        var store = await Open();
        await store.SetStreamMetadata("a", maxCount: 1);
        Assert.Single((await store.ReadStreamForwards("a", 0, 10)).Messages);
        Assert.Equal(3, (await (await Open()).AppendToStream("a", 2, Messages(4))).CurrentVersion);
    }
}
