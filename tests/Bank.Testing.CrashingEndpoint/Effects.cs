using System.Data.Common;
using Bank.ServiceBus;

namespace Bank.Testing.CrashingEndpoint;

/// <summary>A table without any key: whatever takes effect twice is in it twice.</summary>
public sealed class Effects(Func<DbConnection> connect, string databaseKind)
{
    public async Task Create()
    {
        await using var connection = connect();
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        var unlessThere = databaseKind == "SqlServer" ? "IF OBJECT_ID(N'effects', N'U') IS NULL CREATE TABLE" : "CREATE TABLE IF NOT EXISTS";
        command.CommandText = $"{unlessThere} effects (kind varchar(20) NOT NULL, work varchar(40) NOT NULL)";
        await command.ExecuteNonQueryAsync();
    }

    public async Task Add(string kind, string work, IMessageHandlerContext context)
    {
        var session = context.SynchronizedStorageSession.SqlPersistenceSession();
        await using var command = session.Connection.CreateCommand();
        command.Transaction = session.Transaction;
        command.CommandText = "INSERT INTO effects (kind, work) VALUES (@kind, @work)";
        foreach (var (name, value) in new[] { ("@kind", kind), ("@work", work) })
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        await command.ExecuteNonQueryAsync(context.CancellationToken);
    }

    /// <summary>How many different effects there are.</summary>
    public async Task<long> Count(CancellationToken cancellationToken)
    {
        await using var connection = connect();
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM (SELECT DISTINCT kind, work FROM effects) AS one_of_each";
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken));
    }
}
