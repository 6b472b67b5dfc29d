using System.Data.Common;

namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>Opens connections in the way of the dialect.</summary>
internal sealed class SqlConnections(Func<DbConnection> build, DialectSql dialect)
{
    public async Task<DbConnection> Open(CancellationToken cancellationToken)
    {
        var connection = build();
        try
        {
            await connection.OpenAsync(cancellationToken);
            if (dialect.PrepareConnection.Length > 0)
            {
                await using var command = connection.CreateCommand();
                command.CommandText = dialect.PrepareConnection;
                await command.ExecuteNonQueryAsync(cancellationToken);
            }

            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a connection whose transaction begins with its first use.</summary>
    public async Task<SqlTransaction> Begin(CancellationToken cancellationToken) => new(await Open(cancellationToken), dialect);
}
