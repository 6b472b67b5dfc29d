namespace Bank.Hub.Replays;

/// <summary>A storage that lives and dies with its process. For tests.</summary>
public sealed class InMemoryReplayStorage : IReplayStorage
{
    private readonly Lock gate = new();
    private readonly Dictionary<Guid, Replay> replays = [];

    /// <inheritdoc />
    public Task Prepare(CancellationToken cancellationToken = default) => Task.CompletedTask;

    /// <inheritdoc />
    public Task<Replay> Add(Replay replay, CancellationToken cancellationToken = default)
    {
        lock (gate)
        {
            replays.TryAdd(replay.Request.ReplayId, replay);
            return Task.FromResult(replays[replay.Request.ReplayId]);
        }
    }

    /// <inheritdoc />
    public Task<Replay?> Find(Guid replayId, CancellationToken cancellationToken = default)
    {
        lock (gate) return Task.FromResult(replays.GetValueOrDefault(replayId));
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<Guid>> Unfinished(CancellationToken cancellationToken = default)
    {
        // A dictionary from which nothing is removed keeps the order of insertion.
        lock (gate) return Task.FromResult<IReadOnlyList<Guid>>([.. replays.Where(pair => pair.Value.Stage != ReplayStage.Completed).Select(pair => pair.Key)]);
    }

    /// <inheritdoc />
    public Task Save(Replay replay, CancellationToken cancellationToken = default)
    {
        lock (gate)
        {
            var known = replays[replay.Request.ReplayId];
            if (known.Position <= replay.Position && known.Stage <= replay.Stage)
                replays[replay.Request.ReplayId] = known with { Position = replay.Position, Events = replay.Events, Stage = replay.Stage };
            return Task.CompletedTask;
        }
    }
}
