using Bank.Hub.Projections;

namespace Bank.Transfers.KnownAccounts;

/// <summary>Reads the copy. Until its tables are of this program's version and hold all of the past, nothing counts as known.</summary>
internal sealed class AccountCopy(ProjectionDatabase database, ProjectionCatalog catalog) : IAccountCopy
{
    private const string Known = "SELECT account_id, currency, closed_us FROM known_account WHERE account_id = @payer OR account_id = @payee";

    public async Task<(KnownAccount? Payer, KnownAccount? Payee)> Find(string payerId, string payeeId, CancellationToken cancellationToken)
    {
        await using var queries = new ProjectionQueries(database, catalog);
        if (await queries.Filled(KnownAccountProjection.ProjectionName, cancellationToken) is null) return (null, null);
        var rows = await queries.All(
            Known, row => (Id: row.GetString(0), Account: new KnownAccount(row.IsDBNull(1) ? null : row.GetString(1), !row.IsDBNull(2))), cancellationToken, ("payer", payerId), ("payee", payeeId));
        return (Of(payerId), Of(payeeId));

        KnownAccount? Of(string id) => rows.Find(row => row.Id == id).Account;
    }
}
