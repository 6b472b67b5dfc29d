using Npgsql;

namespace Bank.Testing.Servers;

/// <summary>A PostgreSQL database of its own for a test class, on the server that <c>BANK_TEST_POSTGRES</c> names.</summary>
public static class TestDatabase
{
    public const string WhyMissing = "BANK_TEST_POSTGRES names no PostgreSQL server.";

    /// <returns>How to reach it; empty when there is no server.</returns>
    public static async Task<string> Create()
    {
        if (Environment.GetEnvironmentVariable("BANK_TEST_POSTGRES") is not { Length: > 0 } server) return "";
        var name = "test_" + Guid.NewGuid().ToString("N");
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
        await using var create = connection.CreateCommand();
        create.CommandText = $"CREATE DATABASE {name}";
        await create.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(server) { Database = name }.ToString();
    }
}
