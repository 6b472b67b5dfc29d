using System.Text;
using System.Text.Json;
using Bank.Hub.Projections;
using Bank.Insights.Spending;
using Bank.StreamStore;
using Bank.StreamStore.Infrastructure;
using Bank.StreamStore.Streams;

namespace Bank.Insights.Velocity;

/// <summary>
/// Looks for bursts in all of the past, once after tables were filled from a replay: what a replay brings is not reviewed event by event. Which tables were reviewed is
/// kept, so that a review that was cut short begins again.
/// </summary>
internal sealed class HistoryReview(
    ProjectionDatabase database, ProjectionCatalog catalog, BurstWatch watch, IStreamStore store, TimeProvider clock, ILogger<HistoryReview> logger) : BackgroundService
{
    private const string Stream = "reviews";
    private const int AccountsAtATime = 500;
    private const int LastReviews = 100;
    private static readonly Guid Space = new("0ad1de1f-5a0d-4b6c-9a55-5a0f6f1d2c77");
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Reviews the tables that answer, unless they are still being filled or were reviewed before.</summary>
    public async Task ReviewWhatIsNew(CancellationToken cancellationToken)
    {
        if (await Filled(cancellationToken) is not { } filled) return;
        var id = new DeterministicGuidGenerator(Space).Create(Encoding.UTF8.GetBytes(filled));
        // Not only the last: a slower instance may have noted older tables after these.
        var done = await store.ReadStreamBackwards(Stream, StreamVersion.End, LastReviews, prefetchJsonData: false, cancellationToken);
        if (done.Messages.Any(message => message.MessageId == id)) return;
        var accounts = 0L;
        for (var page = await Accounts("", cancellationToken); page.Count > 0; page = await Accounts(page[^1], cancellationToken))
        {
            foreach (var account in page) await watch.Review(account, 0, cancellationToken);
            accounts += page.Count;
        }

        await store.AppendToStream(Stream, ExpectedVersion.Any, new NewStreamMessage(id, "history-reviewed", JsonSerializer.Serialize(new Reviewed(filled))), cancellationToken);
        logger.LogInformation("The history of {Accounts} accounts was reviewed for bursts of transfers.", accounts);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ReviewWhatIsNew(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(exception, "The history could not be reviewed; the next try is in {Pause}.", Pause);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<string?> Filled(CancellationToken cancellationToken)
    {
        await using var queries = new ProjectionQueries(database, catalog);
        return await queries.Filled(SpendingProjection.ProjectionName, cancellationToken);
    }

    // Only where a burst can be.
    private async Task<List<string>> Accounts(string after, CancellationToken cancellationToken)
    {
        await using var queries = new ProjectionQueries(database, catalog);
        return await queries.All(
            $"""
            SELECT account_id FROM movement WHERE account_id > @after AND transfer_id IS NOT NULL AND amount < 0
            GROUP BY account_id HAVING COUNT(*) >= {Bursts.Transfers} ORDER BY account_id LIMIT {AccountsAtATime}
            """,
            row => row.GetString(0), cancellationToken, ("after", after));
    }

    private sealed record Reviewed(string Tables);
}
