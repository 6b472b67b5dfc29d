using System.Data.Common;
using Bank.StreamStore.Sql;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;

namespace Bank.StreamStore;

/// <summary>Tells errors that may pass: the connection broke, the server restarts, a lock was not granted.</summary>
internal static class Transient
{
    private const int SqliteBusy = 5;
    private const int SqliteLocked = 6;

    public static bool Is(Exception exception) => exception switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode is SqliteBusy or SqliteLocked,
        SqlException sqlServer => MsSqlErrors.MayPass(sqlServer),
        DbException database => database.IsTransient,
        TimeoutException or IOException => true,
        _ => false,
    };
}
