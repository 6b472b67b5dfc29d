using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Bank.Hosting;

/// <summary>The database of one endpoint. Nobody else reads or writes it while the endpoint runs, except to verify.</summary>
/// <param name="Kind">The kind of database.</param>
/// <param name="ConnectionString">How to reach it.</param>
public sealed record BankDatabase(DatabaseKind Kind, string ConnectionString)
{
    private const int LongestSqlServerName = 128;

    /// <summary>The database that the settings name for an endpoint.</summary>
    /// <exception cref="InvalidOperationException">The endpoint was built in such a way that it cannot reach that kind of database.</exception>
    public static BankDatabase For(BankSettings settings, string endpointName)
    {
        if (settings.Database == DatabaseKind.SqlServer && AppContext.TryGetSwitch("System.Globalization.Invariant", out var isInvariant) && isInvariant)
            throw new InvalidOperationException("Bank:Database: SqlServer needs an endpoint that was built with -p:InvariantGlobalization=false.");
        if (settings.Database != DatabaseKind.Sqlite) return new BankDatabase(settings.Database, settings.DatabaseConnection!);
        Directory.CreateDirectory(settings.DataDirectory);
        var file = new SqliteConnectionStringBuilder { DataSource = Path.Combine(settings.DataDirectory, endpointName + ".db") };
        return new BankDatabase(DatabaseKind.Sqlite, file.ToString());
    }

    /// <summary>
    /// The same database over a pool of connections of its own: whoever holds one of them, and waits for one of the others, never waits for somebody who does the same.
    /// On SQLite, whose pools have no limit, it is the same pool.
    /// </summary>
    /// <param name="use">What its connections are for; the server shows it before the name of the application, if it has one.</param>
    internal BankDatabase WithOwnPool(string use) => Kind switch
    {
        // Pools are told apart by the text of the connection string.
        DatabaseKind.PostgreSql => this with { ConnectionString = Named<NpgsqlConnectionStringBuilder>(use, int.MaxValue) },
        DatabaseKind.SqlServer => this with { ConnectionString = Named<SqlConnectionStringBuilder>(use, LongestSqlServerName) },
        _ => this,
    };

    /// <summary>Makes a connection, not yet open.</summary>
    public DbConnection Create() => Kind switch
    {
        DatabaseKind.PostgreSql => new NpgsqlConnection(ConnectionString),
        DatabaseKind.SqlServer => new SqlConnection(ConnectionString),
        _ => new SqliteConnection(ConnectionString),
    };

    /// <summary>Opens a connection. On SQLite, commits are durable when they return, and readers do not block the writer.</summary>
    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken = default)
    {
        var connection = Create();
        try
        {
            await connection.OpenAsync(cancellationToken);
            if (Kind == DatabaseKind.Sqlite)
            {
                await using var pragmas = connection.CreateCommand();
                pragmas.CommandText = "PRAGMA busy_timeout = 30000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";
                await pragmas.ExecuteNonQueryAsync(cancellationToken);
            }

            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private string Named<TBuilder>(string use, int longest) where TBuilder : DbConnectionStringBuilder, new()
    {
        const string key = "Application Name";
        var text = new TBuilder { ConnectionString = ConnectionString };
        var name = text.ShouldSerialize(key) ? $"{use}/{text[key]}" : use;
        text[key] = name[..Math.Min(name.Length, longest)];
        return text.ToString();
    }
}
