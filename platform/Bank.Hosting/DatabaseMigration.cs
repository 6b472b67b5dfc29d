using System.Data.Common;
using System.Reflection;
using DbUp;
using DbUp.Builder;
using DbUp.Engine.Output;

namespace Bank.Hosting;

/// <summary>Brings the tables of an endpoint up to date.</summary>
public static class DatabaseMigration
{
    // Any number will do, as long as every instance takes the same.
    private const string OneAtATime = "SELECT pg_advisory_lock(7265614)";

    /// <summary>Runs the SQL scripts embedded in an assembly that have not been run yet, in the order of their names. Several instances may start at once.</summary>
    /// <exception cref="InvalidOperationException">A script failed; the message names it. Nothing of it stays.</exception>
    public static async Task Migrate(this BankDatabase database, Assembly scripts, CancellationToken cancellationToken = default)
    {
        if (database.Kind == DatabaseKind.SqlServer) throw new InvalidOperationException("Bank:Database: this endpoint keeps tables of its own, in PostgreSql or Sqlite only.");
        await using var gate = await database.OpenAsync(cancellationToken);
        if (database.Kind == DatabaseKind.PostgreSql) await Execute(gate, OneAtATime, cancellationToken);
        var result = await Task.Run(
            () => Target(database).WithScriptsEmbeddedInAssembly(scripts).WithTransaction().LogTo(new NoOpUpgradeLog()).Build().PerformUpgrade(), cancellationToken);
        // The lock ends here, not when its pooled connection is closed one day.
        if (database.Kind == DatabaseKind.PostgreSql) await Execute(gate, "SELECT pg_advisory_unlock_all()", CancellationToken.None);
        if (!result.Successful) throw new InvalidOperationException($"The database could not be brought up to date by {result.ErrorScript?.Name}.", result.Error);
    }

    private static UpgradeEngineBuilder Target(BankDatabase database) => database.Kind == DatabaseKind.PostgreSql
        ? DeployChanges.To.PostgresqlDatabase(database.ConnectionString)
        : DeployChanges.To.SqliteDatabase(database.ConnectionString);

    private static async Task Execute(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
