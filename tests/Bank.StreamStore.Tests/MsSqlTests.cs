using System.Data.SqlTypes;
using Bank.StreamStore.Infrastructure;
using Microsoft.Data.SqlClient;

namespace Bank.StreamStore.Tests;

/// <summary>A database of its own on the server that <c>BANK_TEST_SQLSERVER</c> names.</summary>
public sealed class MsSqlFixture : StoreFixture
{
    private readonly string _server = Environment.GetEnvironmentVariable("BANK_TEST_SQLSERVER") ?? "";
    private MsSqlStreamStoreV3Settings? _settings;
    private readonly string _database = $"test_{Guid.NewGuid():N}";

    public string ConnectionString => new SqlConnectionStringBuilder(_server) { InitialCatalog = _database }.ConnectionString;

    public string Schema { get; private set; } = "dbo";

    // What an index of SqlStreamStore's schema holds.
    public override int LongestStreamId => 848;

    public override string MetadataIdStream(string stream) => stream;

    public override async Task InitializeAsync()
    {
        if (_server.Length > 0) await OnServer($"CREATE DATABASE [{_database}]");
    }

    public override async Task DisposeAsync()
    {
        if (_server.Length == 0) return;
        SqlConnection.ClearAllPools();
        await OnServer($"ALTER DATABASE [{_database}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE; DROP DATABASE [{_database}]");
    }

    public override Task Reset()
    {
        Skip.If(_server.Length == 0, "BANK_TEST_SQLSERVER names no SQL Server.");
        Schema = "s" + Guid.NewGuid().ToString("N");
        return Task.CompletedTask;
    }

    public override async Task<IStreamStore> Open(GetUtcNow getUtcNow)
    {
        _settings = Settings(getUtcNow);
        var store = new MsSqlStreamStoreV3(_settings);
        await store.CreateSchemaIfNotExists();
        return store;
    }

    /// <summary>A store that leaves the schema alone and takes the server's time.</summary>
    public MsSqlStreamStoreV3 Store() => new(Settings(null));

    public override void DisableDeletionTracking() => _settings!.DisableDeletionTracking = true;

    /// <summary>Steps of 1/300 second.</summary>
    public override DateTime AsStored(DateTime time) => DateTime.SpecifyKind(new SqlDateTime(time).Value, DateTimeKind.Utc);

    public async Task<List<string>> Ask(string sql)
    {
        await using var connection = new SqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new SqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(column => reader.GetValue(column))));
        return rows;
    }

    private MsSqlStreamStoreV3Settings Settings(GetUtcNow? getUtcNow) =>
        new(ConnectionString) { Schema = Schema, GetUtcNow = getUtcNow, LookInterval = TimeSpan.FromMilliseconds(50), CreateStreamStoreNotifier = CreateNotifier };

    private async Task OnServer(string sql)
    {
        await using var connection = new SqlConnection(_server);
        await connection.OpenAsync();
        await using var command = new SqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}

public sealed class MsSqlAppendTests(MsSqlFixture fixture) : AppendBehaviour(fixture), IClassFixture<MsSqlFixture>;

public sealed class MsSqlReadTests(MsSqlFixture fixture) : ReadBehaviour(fixture), IClassFixture<MsSqlFixture>;

public sealed class MsSqlSubscriptionTests(MsSqlFixture fixture) : SubscriptionBehaviour(fixture), IClassFixture<MsSqlFixture>;

public sealed class MsSqlModelTests(MsSqlFixture fixture) : ModelBehaviour(fixture), IClassFixture<MsSqlFixture>;

public sealed class MsSqlConcurrencyTests(MsSqlFixture fixture) : ConcurrencyBehaviour(fixture), IClassFixture<MsSqlFixture>;

public sealed class MsSqlDeleteStreamTests(MsSqlFixture fixture) : DeleteStreamBehaviour(fixture), IClassFixture<MsSqlFixture>;

public sealed class MsSqlDeleteMessageTests(MsSqlFixture fixture) : DeleteMessageBehaviour(fixture), IClassFixture<MsSqlFixture>;

public sealed class MsSqlMetadataTests(MsSqlFixture fixture) : MetadataBehaviour(fixture), IClassFixture<MsSqlFixture>;

public sealed class MsSqlLimitsTests(MsSqlFixture fixture) : LimitsBehaviour(fixture), IClassFixture<MsSqlFixture>;

public sealed class MsSqlListStreamsTests(MsSqlFixture fixture) : ListStreamsBehaviour(fixture), IClassFixture<MsSqlFixture>;

public sealed class MsSqlStreamSubscriptionTests(MsSqlFixture fixture) : StreamSubscriptionBehaviour(fixture), IClassFixture<MsSqlFixture>;

public sealed class MsSqlNotifierTests(MsSqlFixture fixture) : NotifierBehaviour(fixture), IClassFixture<MsSqlFixture>;

public sealed class MsSqlDisposalTests(MsSqlFixture fixture) : DisposalBehaviour(fixture), IClassFixture<MsSqlFixture>;

public sealed class MsSqlConcurrentModelTests(MsSqlFixture fixture) : ConcurrentModelBehaviour(fixture), IClassFixture<MsSqlFixture>;

public sealed class MsSqlSnapshotTests(MsSqlFixture fixture) : SnapshotBehaviour(fixture), IClassFixture<MsSqlFixture>;
