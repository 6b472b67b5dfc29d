using Bank.Hub.Replays;

namespace Bank.Hub.Tests.Replays;

/// <summary>Fails each time but every third when progress is to be saved, after everything was sent.</summary>
internal sealed class CrashingReplayStorage(IReplayStorage inner) : IReplayStorage
{
    private int _saves;

    public int Crashes { get; private set; }

    public Task Prepare(CancellationToken cancellationToken = default) => inner.Prepare(cancellationToken);

    public Task<Replay> Add(Replay replay, CancellationToken cancellationToken = default) => inner.Add(replay, cancellationToken);

    public Task<Replay?> Find(Guid replayId, CancellationToken cancellationToken = default) => inner.Find(replayId, cancellationToken);

    public Task<IReadOnlyList<Guid>> Unfinished(CancellationToken cancellationToken = default) => inner.Unfinished(cancellationToken);

    public Task Save(Replay replay, CancellationToken cancellationToken = default)
    {
        if (++_saves % 3 == 0) return inner.Save(replay, cancellationToken);
        Crashes++;
        throw new IOException("The power went out.");
    }
}
