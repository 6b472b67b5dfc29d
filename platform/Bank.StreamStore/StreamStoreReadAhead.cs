using System.Runtime.CompilerServices;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore;

/// <summary>Reads long stretches of history.</summary>
public static class StreamStoreReadAhead
{
    /// <summary>
    /// Reads the all-stream from a position to its end, fetching the next page while the messages of this one are handled, and the one after it too while positions follow one another without gaps.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="fromPositionInclusive">Where to begin; 0 or more.</param>
    /// <param name="pageSize">So many messages are fetched at once; 1 or more.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The messages in the order of positions, with their data. Ends at what was the end when the last page was read.</returns>
    public static async IAsyncEnumerable<StreamMessage> ReadAllAhead(
        this IReadonlyStreamStore store, long fromPositionInclusive, int pageSize = 1000, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        // A reader that stops early leaves no read behind.
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var next = fromPositionInclusive;
        var reading = Read(next);
        Task<ReadAllPage>? beyond = null;
        try
        {
            while (true)
            {
                var page = await reading;
                var from = next;
                if (!page.IsEnd)
                {
                    next = Math.Max(next, page.NextPosition);
                    // Where the page after begins is known before this one is there if no position is missing; else the two overlap.
                    reading = beyond ?? Read(next);
                    beyond = page.NextPosition - page.FromPosition == pageSize ? Read(next + pageSize) : null;
                }

                foreach (var message in page.Messages)
                {
                    if (message.Position >= from) yield return message;
                }

                if (page.IsEnd) yield break;
            }
        }
        finally
        {
            await over.CancelAsync();
            await ((Task)Task.WhenAll(reading, beyond ?? reading)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Task<ReadAllPage> Read(long from) => store.ReadAllForwards(from, pageSize, prefetchJsonData: true, over.Token);
    }
}
