using Bank.StreamStore;

namespace Bank.Hub.Replays;

/// <summary>Reads what a replay wants of the store, page by page.</summary>
internal sealed class ReplayReader(IStreamStore store, IContractMapper mapper, Replay replay, int pageSize)
{
    private readonly ReplayFilter filter = new(replay.Request);

    /// <summary>Reads the page behind a position.</summary>
    public async Task<(List<MappedEvent> Wanted, long UpTo)> Read(long after, CancellationToken cancellationToken)
    {
        var page = await store.ReadAllForwards(after + 1, pageSize, prefetchJsonData: true, cancellationToken);
        var wanted = new List<MappedEvent>();
        foreach (var message in page.Messages)
        {
            if (message.Position > replay.UpTo) break;
            if (!filter.Wants(message.StreamId)) continue;
            // Each event once, or the asker's count would be wrong: in the newest shape that it wants.
            if ((await MappedEvent.Of(message, mapper, cancellationToken)).LastOrDefault(filter.Wants) is { } mapped) wanted.Add(mapped);
        }

        return (wanted, page.IsEnd ? replay.UpTo : Math.Min(page.NextPosition - 1, replay.UpTo));
    }
}
