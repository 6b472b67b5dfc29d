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
    private const int MostAttempts = 7;

    public static bool Is(Exception exception) => exception switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode is SqliteBusy or SqliteLocked,
        SqlException sqlServer => MsSqlErrors.MayPass(sqlServer),
        DbException database => database.IsTransient,
        TimeoutException or IOException => true,
        _ => false,
    };

    /// <summary>Does what may be done again until no such error comes, or too many have.</summary>
    /// <param name="work">Is told the number of the attempt, from 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<T> Retry<T>(Func<int, Task<T>> work, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromMilliseconds(50);
        for (var attempt = 1; ; attempt++, pause *= 2)
        {
            try
            {
                return await work(attempt);
            }
            catch (Exception exception) when (attempt < MostAttempts && Is(exception))
            {
                await Task.Delay(pause, cancellationToken);
            }
        }
    }
}
