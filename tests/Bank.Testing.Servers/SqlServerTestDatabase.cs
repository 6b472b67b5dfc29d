using Microsoft.Data.SqlClient;

namespace Bank.Testing.Servers;

/// <summary>A SQL Server database of its own for a test class, on the server that <c>BANK_TEST_SQLSERVER</c> names.</summary>
public static class SqlServerTestDatabase
{
    public const string WhyMissing = "BANK_TEST_SQLSERVER names no SQL Server.";

    /// <returns>How to reach it; empty when there is no server.</returns>
    public static async Task<string> Create()
    {
        if (Environment.GetEnvironmentVariable("BANK_TEST_SQLSERVER") is not { Length: > 0 } server) return "";
        var name = "test_" + Guid.NewGuid().ToString("N");
        await using var connection = new SqlConnection(server);
        await connection.OpenAsync();
        await using var create = connection.CreateCommand();
        create.CommandText = $"CREATE DATABASE [{name}]";
        await create.ExecuteNonQueryAsync();
        return new SqlConnectionStringBuilder(server) { InitialCatalog = name }.ToString();
    }
}
