using System.Data.Common;
using System.Reflection;
using Bank.Hosting;
using DbUp;
using DbUp.Builder;
using DbUp.Engine.Output;

namespace Bank.Projections.Storage;

/// <summary>The tables that queries are answered from.</summary>
internal sealed class ReadDatabase(BankDatabase database)
{
    public Task Migrate(CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            var result = Target().WithScriptsEmbeddedInAssembly(Assembly.GetExecutingAssembly()).WithTransaction().LogTo(new NoOpUpgradeLog()).Build().PerformUpgrade();
            if (!result.Successful) throw new InvalidOperationException($"The read database could not be brought up to date by {result.ErrorScript?.Name}.", result.Error);
        },
        cancellationToken);

    public Task<DbConnection> Open(CancellationToken cancellationToken) => database.OpenAsync(cancellationToken);

    private UpgradeEngineBuilder Target() => database.Kind == DatabaseKind.PostgreSql
        ? DeployChanges.To.PostgresqlDatabase(database.ConnectionString)
        : DeployChanges.To.SqliteDatabase(database.ConnectionString);
}
