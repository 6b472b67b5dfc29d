using System.Data.Common;
using Bank.ServiceBus.Persistence;
using Bank.ServiceBus.Persistence.Sql;
using Bank.ServiceBus.Sagas;
using Bank.ServiceBus.Settings;
using Bank.Testing.Servers;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Bank.ServiceBus.Persistence.Sql.Tests;

/// <summary>An empty database of one kind.</summary>
public abstract class Database : IAsyncLifetime
{
    /// <summary>Why there is none; null when there is one.</summary>
    public virtual string? Missing => null;

    public abstract Task InitializeAsync();

    public virtual Task DisposeAsync() => Task.CompletedTask;

    public abstract DbConnection Connect();

    public abstract void Choose(PersistenceExtensions<SqlPersistence> persistence);

    /// <summary>The persistence of an endpoint of its own, installed.</summary>
    /// <param name="prefix">Of its tables; null for what it is by default.</param>
    internal async Task<PersistenceInfrastructure> Install(
        string? prefix, TimeProvider? clock = null, Type? saga = null, Action<SqlPersistenceValues>? configure = null,
        Action<PersistenceExtensions<SqlPersistence>>? choose = null)
    {
        var settings = new SettingsHolder();
        var definition = SqlPersistence.Create(settings);
        var persistence = new PersistenceExtensions<SqlPersistence>(settings);
        (choose ?? Choose)(persistence);
        persistence.ConnectionBuilder(Connect);
        if (prefix is not null) persistence.TablePrefix(prefix);
        configure?.Invoke(settings.GetOrCreate<SqlPersistenceValues>());
        var infrastructure = definition.Initialize(new PersistenceHostSettings(
            "Bank.Test", settings, [SagaMetadataReader.Read(saga ?? typeof(OrderSaga))], OutboxEnabled: true, (_, _, _) => { }, NullLoggerFactory.Instance, clock ?? TimeProvider.System));
        await infrastructure.Install();
        return infrastructure;
    }

    public async Task<List<string>> Ask(string sql)
    {
        await using var connection = Connect();
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(column => reader.GetValue(column).ToString())));
        return rows;
    }
}

public sealed class SqliteDatabase : Database
{
    private readonly string file = Path.Combine(Path.GetTempPath(), $"persistence-{Guid.NewGuid():N}.db");

    public override Task InitializeAsync() => Task.CompletedTask;

    public override DbConnection Connect() => new SqliteConnection($"Data Source={file}");

    public override void Choose(PersistenceExtensions<SqlPersistence> persistence) => persistence.SqlDialect<SqlDialect.Sqlite>();

    public override Task DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        foreach (var suffix in new[] { "", "-wal", "-shm" }) File.Delete(file + suffix);
        return Task.CompletedTask;
    }
}

public sealed class PostgreSqlDatabase : Database
{
    private string connectionString = "";

    public override string? Missing => connectionString.Length == 0 ? TestDatabase.WhyMissing : null;

    public override async Task InitializeAsync() => connectionString = await TestDatabase.Create();

    public override DbConnection Connect() => new NpgsqlConnection(connectionString);

    public override void Choose(PersistenceExtensions<SqlPersistence> persistence) => persistence.SqlDialect<SqlDialect.PostgreSql>();
}

/// <summary>A database of its own on the server that <c>BANK_TEST_SQLSERVER</c> names.</summary>
public sealed class MsSqlServerDatabase : Database
{
    private readonly string server = Environment.GetEnvironmentVariable("BANK_TEST_SQLSERVER") ?? "";
    private readonly string name = $"bank_{Guid.NewGuid():N}";

    public override string? Missing => server.Length == 0 ? "BANK_TEST_SQLSERVER names no server." : null;

    public override async Task InitializeAsync()
    {
        if (server.Length > 0) await OnServer($"create database {name}");
    }

    public override async Task DisposeAsync()
    {
        if (server.Length == 0) return;
        SqlConnection.ClearAllPools();
        await OnServer($"alter database {name} set single_user with rollback immediate; drop database {name}");
    }

    public override DbConnection Connect() => new SqlConnection(new SqlConnectionStringBuilder(server) { InitialCatalog = name }.ConnectionString);

    public override void Choose(PersistenceExtensions<SqlPersistence> persistence) => persistence.SqlDialect<SqlDialect.MsSqlServer>();

    private async Task OnServer(string sql)
    {
        await using var connection = new SqlConnection(server);
        await connection.OpenAsync();
        await using var command = new SqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
