using Bank.Hub.Projections;
using Bank.Insights.Spending;

namespace Bank.Insights.Velocity;

/// <summary>Looks for bursts among the transfers that the projection holds.</summary>
internal sealed class BurstWatch(ProjectionDatabase database, ProjectionCatalog catalog, Suspicions suspicions)
{
    private const string Outgoing = "SELECT version, transfer_id, occurred_at FROM movement WHERE account_id = @account AND transfer_id IS NOT NULL AND amount < 0";

    /// <summary>How many transfers of an account are held in memory at a time.</summary>
    internal int AtATime { get; init; } = 1000;

    /// <summary>Notes the bursts that begin at an event of an account or behind it. What lies behind a gap waits for the event that fills it.</summary>
    /// <remarks>
    /// Called after the event was written, for each event. Of all events up to a version, one is written last; whoever reviews that one sees all of them,
    /// and reviews everything behind it that had been waiting. While tables of another version answer, nothing is looked for: the review of the past does when this program's own take their place.
    /// </remarks>
    public async Task Review(string accountId, long fromVersion, CancellationToken cancellationToken)
    {
        for (long? from = fromVersion; from is { } first;)
        {
            (var transfers, from) = await Read(accountId, first, cancellationToken);
            foreach (var burst in Bursts.Begin(transfers, first)) await suspicions.Note(accountId, burst, cancellationToken);
        }
    }

    /// <returns>Transfers from a version on with those before it that matter, and where the next ones begin; null when these were the last.</returns>
    private async Task<(List<OutgoingTransfer> Transfers, long? Next)> Read(string accountId, long fromVersion, CancellationToken cancellationToken)
    {
        await using var queries = new ProjectionQueries(database, catalog);
        if (await queries.CompleteUpTo(SpendingProjection.ProjectionName, accountId, cancellationToken) is not { } last || last < fromVersion) return ([], null);
        var now = await Transfers("AND version BETWEEN @from AND @last ORDER BY version LIMIT @limit", ("from", fromVersion), ("last", last), ("limit", AtATime));
        if (now.Count == 0) return ([], null);
        var before = await Transfers($"AND version < @from ORDER BY version DESC LIMIT {Bursts.Before}", ("from", fromVersion));
        before.Reverse();
        return ([.. before, .. now], now.Count < AtATime ? null : now[^1].Version + 1);

        Task<List<OutgoingTransfer>> Transfers(string condition, params (string, object?)[] parameters) => queries.All(
            $"{Outgoing} {condition}", row => new OutgoingTransfer(row.GetInt64(0), Guid.Parse(row.GetString(1)), Instants.FromStored(row.GetInt64(2))), cancellationToken,
            [("account", accountId), .. parameters]);
    }
}
