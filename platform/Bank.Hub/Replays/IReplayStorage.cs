namespace Bank.Hub.Replays;

/// <summary>Remembers replays and how far each is, so that a crash loses none.</summary>
public interface IReplayStorage
{
    /// <summary>Creates what is missing.</summary>
    Task Prepare(CancellationToken cancellationToken = default);

    /// <summary>Stores a replay, unless one of its id is there.</summary>
    /// <returns>The one that is there now.</returns>
    Task<Replay> Add(Replay replay, CancellationToken cancellationToken = default);

    /// <summary>Looks for a replay.</summary>
    /// <returns>Null when there is none of this id.</returns>
    Task<Replay?> Find(Guid replayId, CancellationToken cancellationToken = default);

    /// <summary>The ids of the replays that are not completed, oldest request first.</summary>
    Task<IReadOnlyList<Guid>> Unfinished(CancellationToken cancellationToken = default);

    /// <summary>Stores how far a replay is. Neither position nor stage goes back; what would, changes nothing.</summary>
    Task Save(Replay replay, CancellationToken cancellationToken = default);
}
