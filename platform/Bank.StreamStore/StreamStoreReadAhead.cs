using System.Runtime.CompilerServices;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore;

/// <summary>Reads long stretches of history.</summary>
public static class StreamStoreReadAhead
{
    // With two the database and the reader still waited for one another; a fourth brought nothing.
    private const int MostPagesAhead = 3;

    /// <summary>
    /// Reads the all-stream from a position to its end, fetching the next page while the messages of this one are handled; three of them, each over a connection of its own, while positions follow one another without gaps.
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
        var ahead = new Queue<Task<ReadAllPage>>();
        var next = fromPositionInclusive;
        var requested = next;
        ahead.Enqueue(Read(next));
        try
        {
            while (true)
            {
                var page = await ahead.Dequeue();
                var from = next;
                if (!page.IsEnd)
                {
                    next = Math.Max(next, page.NextPosition);
                    if (ahead.Count == 0) ahead.Enqueue(Read(requested = next));
                    // Where the pages after it begin is known before it is there if no position is missing; else they overlap.
                    while (ahead.Count < MostPagesAhead && page.NextPosition - page.FromPosition == pageSize) ahead.Enqueue(Read(requested += pageSize));
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
            await ((Task)Task.WhenAll(ahead)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Task<ReadAllPage> Read(long from) => store.ReadAllForwards(from, pageSize, prefetchJsonData: true, over.Token);
    }
}
