using Microsoft.Data.SqlClient;

namespace Bank.StreamStore.Sql;

/// <summary>Tells errors of SQL Server that may pass.</summary>
internal static class MsSqlErrors
{
    /// <summary>From this severity on the server closes the connection.</summary>
    public const byte Fatal = 20;

    public static bool MayPass(SqlException exception)
    {
        foreach (SqlError error in exception.Errors)
        {
            if (MayPass(error.Number, error.Class)) return true;
        }

        return false;
    }

    public static bool MayPass(int number, byte severity) => severity >= Fatal || number switch
    {
        // Deadlock victim, lock not granted in time, snapshot conflict, no locks or memory at the moment.
        1205 or 1222 or 3960 or 3961 or 1204 or 701 or 8645 or 8651 => true,
        // No answer in time, and the ways in which a connection breaks or is not made.
        -2 or -1 or 2 or 20 or 53 or 64 or 121 or 233 or 258 or 10053 or 10054 or 10060 or 10061 or 11001 => true,
        // The session was killed, the server stops, or the database is not open yet.
        596 or 6005 or 6006 or 18401 or 921 or 922 or 927 or 976 or 983 or 4060 or 4221 => true,
        // Azure SQL: moved, busy or throttled.
        10928 or 10929 or 40197 or 40501 or 40613 or 42108 or 42109 or 49918 or 49919 or 49920 => true,
        _ => false,
    };
}
