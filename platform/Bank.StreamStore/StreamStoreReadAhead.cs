using System.Runtime.CompilerServices;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore;

/// <summary>Reads long stretches of history.</summary>
public static class StreamStoreReadAhead
{
    /// <summary>Reads the all-stream from a position to its end, fetching the next page while the messages of this one are handled.</summary>
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
        var reading = store.ReadAllForwards(fromPositionInclusive, pageSize, prefetchJsonData: true, over.Token);
        try
        {
            while (true)
            {
                var page = await reading;
                if (!page.IsEnd) reading = page.ReadNext(over.Token);
                foreach (var message in page.Messages) yield return message;
                if (page.IsEnd) yield break;
            }
        }
        finally
        {
            await over.CancelAsync();
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
