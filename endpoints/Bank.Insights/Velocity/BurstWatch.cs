using Bank.Hub.Projections;
using Bank.Insights.Spending;

namespace Bank.Insights.Velocity;

/// <summary>Looks for bursts among the transfers that the projection holds.</summary>
internal sealed class BurstWatch(ProjectionDatabase database, ProjectionCatalog catalog, Suspicions suspicions)
{
    private const string Outgoing = "SELECT version, transfer_id, occurred_at FROM movement WHERE account_id = @account AND transfer_id IS NOT NULL AND amount < 0";

    /// <summary>Notes the bursts that begin at an event of an account or behind it. What lies behind a gap waits for the event that fills it.</summary>
    /// <remarks>
    /// Called after the event was written, for each event. Of all events up to a version, one is written last; whoever reviews that one sees all of them,
    /// and reviews everything behind it that had been waiting. While tables of another version answer, nothing is looked for: the review of the past does when this program's own take their place.
    /// </remarks>
    public async Task Review(string accountId, long fromVersion, CancellationToken cancellationToken)
    {
        var transfers = await Read(accountId, fromVersion, cancellationToken);
        foreach (var burst in Bursts.Begin(transfers, fromVersion)) await suspicions.Note(accountId, burst, cancellationToken);
    }

    private async Task<List<OutgoingTransfer>> Read(string accountId, long fromVersion, CancellationToken cancellationToken)
    {
        await using var queries = new ProjectionQueries(database, catalog);
        if (await queries.CompleteUpTo(SpendingProjection.ProjectionName, accountId, cancellationToken) is not { } last || last < fromVersion) return [];
        var now = await Transfers("AND version BETWEEN @from AND @last ORDER BY version", ("from", fromVersion), ("last", last));
        if (now.Count == 0) return [];
        var before = await Transfers($"AND version < @from ORDER BY version DESC LIMIT {Bursts.Before}", ("from", fromVersion));
        before.Reverse();
        return [.. before, .. now];

        Task<List<OutgoingTransfer>> Transfers(string condition, params (string, object?)[] parameters) => queries.All(
            $"{Outgoing} {condition}", row => new OutgoingTransfer(row.GetInt64(0), Guid.Parse(row.GetString(1)), Instants.FromStored(row.GetInt64(2))), cancellationToken,
            [("account", accountId), .. parameters]);
    }
}
