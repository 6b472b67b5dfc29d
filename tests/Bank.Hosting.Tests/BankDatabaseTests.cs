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
