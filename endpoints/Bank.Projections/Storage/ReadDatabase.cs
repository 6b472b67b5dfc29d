using System.Data.Common;
using Bank.Hosting;

namespace Bank.Projections.Storage;

/// <summary>The tables that queries are answered from.</summary>
internal sealed class ReadDatabase(BankDatabase database)
{
    public Task Migrate(CancellationToken cancellationToken) => database.Migrate(typeof(ReadDatabase).Assembly, cancellationToken);

    public Task<DbConnection> Open(CancellationToken cancellationToken) => database.OpenAsync(cancellationToken);
}
