using Bank.Hosting;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Bank.Testing.Servers;

/// <summary>A folder and a database of its own for a test class, removed after it.</summary>
public sealed class EndpointDatabase : IAsyncDisposable
{
    private readonly string? server;

    private EndpointDatabase(string folder, BankDatabase database, string? server)
    {
        Folder = folder;
        Database = database;
        this.server = server;
    }

    public string Folder { get; }

    public BankDatabase Database { get; }

    /// <returns>Null when BANK_TEST_POSTGRES names no server and one is needed.</returns>
    public static async Task<EndpointDatabase?> Create(DatabaseKind kind)
    {
        var folder = Directory.CreateTempSubdirectory("endpoint-").FullName;
        if (kind == DatabaseKind.Sqlite)
            return new EndpointDatabase(folder, new BankDatabase(kind, $"Data Source={Path.Combine(folder, "endpoint.db")}"), null);
        if (Environment.GetEnvironmentVariable("BANK_TEST_POSTGRES") is not { Length: > 0 } server)
        {
            Directory.Delete(folder);
            return null;
        }

        var name = "test_" + Guid.NewGuid().ToString("N");
        await Execute(server, $"CREATE DATABASE {name}");
        return new EndpointDatabase(folder, new BankDatabase(kind, new NpgsqlConnectionStringBuilder(server) { Database = name }.ToString()), server);
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await using (var connection = new NpgsqlConnection(Database.ConnectionString)) NpgsqlConnection.ClearPool(connection);
            await Execute(server, $"DROP DATABASE {new NpgsqlConnectionStringBuilder(Database.ConnectionString).Database} WITH (FORCE)");
        }

        SqliteConnection.ClearAllPools();
        Directory.Delete(Folder, recursive: true);
    }

    private static async Task Execute(string server, string sql)
    {
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
