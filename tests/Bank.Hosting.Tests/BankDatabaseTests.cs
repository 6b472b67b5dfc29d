using Microsoft.Extensions.Configuration;

namespace Bank.Hosting.Tests;

public sealed class BankDatabaseTests : IDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));

    [Fact]
    public async Task Each_endpoint_has_a_file_of_its_own_whose_commits_are_durable()
    {
        var settings = BankSettings.Read(new ConfigurationBuilder().AddInMemoryCollection([new("Bank:DataDirectory", folder)]).Build());
        await using var connection = await BankDatabase.For(settings, "Bank.Any").OpenAsync();
        Assert.True(File.Exists(Path.Combine(folder, "Bank.Any.db")));
        Assert.Equal("wal", await Ask(connection, "PRAGMA journal_mode"));
        // 2 is FULL: a commit is on disk when it returns.
        Assert.Equal("2", await Ask(connection, "PRAGMA synchronous"));
    }

    [Fact]
    public void A_pool_of_its_own_is_another_one_in_the_same_database()
    {
        var postgres = new BankDatabase(DatabaseKind.PostgreSql, "Host=b;Password=c;Maximum Pool Size=7");
        Assert.Equal("Host=b;Password=c;Maximum Pool Size=7;Application Name=messages", postgres.WithOwnPool("messages").ConnectionString);
        var sqlServer = new BankDatabase(DatabaseKind.SqlServer, "Data Source=b;Password=c;Max Pool Size=7");
        Assert.Equal("Data Source=b;Password=c;Max Pool Size=7;Application Name=messages", sqlServer.WithOwnPool("messages").ConnectionString);
        var sqlite = new BankDatabase(DatabaseKind.Sqlite, "Data Source=b");
        Assert.Equal(sqlite, sqlite.WithOwnPool("messages"));
    }

    [Fact]
    public void A_pool_of_its_own_shows_which_application_it_belongs_to_however_long_its_name_is()
    {
        var name = new string('x', 128);
        Assert.Equal(
            ("Host=b;Application Name=messages/teller", $"Data Source=b;Application Name=messages/{name[..119]}"),
            (new BankDatabase(DatabaseKind.PostgreSql, "Host=b;Application Name=teller").WithOwnPool("messages").ConnectionString,
                new BankDatabase(DatabaseKind.SqlServer, $"Data Source=b;Application Name={name}").WithOwnPool("messages").ConnectionString));
        // The driver takes no longer ones.
        using var connection = new BankDatabase(DatabaseKind.SqlServer, $"Data Source=b;Application Name={name}").WithOwnPool("messages").Create();
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    private static async Task<string?> Ask(System.Data.Common.DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (await command.ExecuteScalarAsync())?.ToString();
    }
}
