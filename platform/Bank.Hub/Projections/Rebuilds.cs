using System.Data.Common;
using Microsoft.Extensions.Logging;

namespace Bank.Hub.Projections;

/// <summary>Starts rebuilds of projections, and takes note of what their replays say.</summary>
public sealed class Rebuilds
{
    private readonly ProjectionDatabase database;
    private readonly ProjectionCatalog catalog;
    private readonly FillSignal signal;
    private readonly TimeProvider clock;
    private readonly ILogger<Rebuilds> logger;

    internal Rebuilds(ProjectionDatabase database, ProjectionCatalog catalog, FillSignal signal, TimeProvider clock, ILogger<Rebuilds> logger)
    {
        this.database = database;
        this.catalog = catalog;
        this.signal = signal;
        this.clock = clock;
        this.logger = logger;
    }

    /// <summary>Begins to build new tables of some projections beside those that answer, unless one of them is being filled already. What fills it asks at once for what was refused.</summary>
    /// <returns>Whether it began; false when one is under way.</returns>
    /// <exception cref="ArgumentException">There is no such projection.</exception>
    /// <exception cref="OutdatedProgramException">A newer program made the tables of one; it would pass over what fills tables of this one.</exception>
    public async Task<bool> Start(IReadOnlyList<string> projections, CancellationToken cancellationToken = default)
    {
        var wanted = projections.Select(name => catalog.Find(name) ?? throw new ArgumentException($"There is no projection {name}.", nameof(projections))).ToList();
        var began = await database.Within(
            database.Dialect.ChangeGate,
            async transaction =>
            {
                var generations = await ProjectionRegistry.Generations(transaction, cancellationToken);
                RefuseWhatIsNewer(projections, generations);
                var running = (await ProjectionRegistry.Fills(transaction, cancellationToken))
                    .Where(fill => fill.State == FillState.Running && generations.Exists(generation => generation.FillId == fill.Id && wanted.Exists(projection => projection.Name == generation.Projection))).ToList();
                foreach (var refused in running.Where(fill => fill.IsRefused))
                {
                    await ProjectionRegistry.AskAtOnce(transaction, refused.Id, cancellationToken);
                    await ProjectionRegistry.ForgetRefusal(transaction, refused.Id, cancellationToken);
                }

                if (running.Count > 0) return false;
                await FillStart.Begin(transaction, database.Dialect, wanted, generations, clock.GetUtcNow(), cancellationToken);
                return true;
            },
            cancellationToken);
        signal.Raise();
        return began;
    }

    /// <summary>A replay told its end: that it begins, or that everything was sent.</summary>
    /// <param name="replayId">Which; one that nobody waits for changes nothing.</param>
    /// <param name="upTo">The last position that it brings; -1 for none.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task Bounded(Guid replayId, long upTo, CancellationToken cancellationToken = default)
    {
        var isComplete = await database.Within(
            null,
            async transaction =>
            {
                if (await ProjectionRegistry.FindReplay(transaction, replayId, database.Dialect, cancellationToken) is not { } found) return false;
                var replay = found.Replay with { UpTo = upTo };
                await ProjectionRegistry.Save(transaction, replay, cancellationToken);
                await ProjectionRegistry.ForgetRefusal(transaction, found.FillId, cancellationToken);
                return replay.IsComplete;
            },
            cancellationToken);
        if (isComplete) signal.Raise();
    }

    /// <summary>
    /// A replay was refused. It is asked for again, less and less often, where tables wait for it that have no match: no others of their version that answer and hold all of the past.
    /// Else what it was to fill is given up, and what answers is as good.
    /// </summary>
    /// <param name="replayId">Which; one that nobody waits for changes nothing.</param>
    /// <param name="why">For people.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task Refused(Guid replayId, string why, CancellationToken cancellationToken = default)
    {
        await database.Within(
            database.Dialect.ChangeGate,
            async transaction =>
            {
                if (await ProjectionRegistry.FindReplay(transaction, replayId, database.Dialect, cancellationToken) is not { } found) return false;
                // One that was accepted goes on: what was refused is asking for it again.
                if (found.Replay.UpTo is not null) return false;
                var error = $"{found.Replay.Endpoint} refused the replay: {why}";
                if (HaveNoMatch(found.FillId, await ProjectionRegistry.Generations(transaction, cancellationToken)))
                {
                    await ProjectionRegistry.Refuse(transaction, found.FillId, error, cancellationToken);
                    logger.LogWarning("{Endpoint} refused the replay {ReplayId}, which will be asked for again: {Why}", found.Replay.Endpoint, replayId, why);
                    return true;
                }

                await ProjectionRegistry.End(transaction, found.FillId, FillState.Failed, error, clock.GetUtcNow(), cancellationToken);
                await GiveUp(transaction, found.FillId, cancellationToken);
                logger.LogWarning("{Endpoint} refused the replay {ReplayId}, so a rebuild ends: {Why}", found.Replay.Endpoint, replayId, why);
                return true;
            },
            cancellationToken);
        signal.Raise();
    }

    /// <summary>Gives up whatever fills some projections, as when part of a replay was lost with a queue; what answers goes on to answer.</summary>
    /// <returns>Whether anything was under way.</returns>
    /// <exception cref="OutdatedProgramException">A newer program made the tables of one; whether to give up what fills them is for it to say.</exception>
    public async Task<bool> GiveUp(IReadOnlyList<string> projections, CancellationToken cancellationToken = default)
    {
        var gaveUp = await database.Within(
            database.Dialect.ChangeGate,
            async transaction =>
            {
                RefuseWhatIsNewer(projections, await ProjectionRegistry.Generations(transaction, cancellationToken));
                var running = (await ProjectionRegistry.Fills(transaction, cancellationToken))
                    .Where(fill => fill.State == FillState.Running && fill.Projections.Intersect(projections).Any()).ToList();
                foreach (var fill in running)
                {
                    await ProjectionRegistry.End(transaction, fill.Id, FillState.Failed, "It was given up on request.", clock.GetUtcNow(), cancellationToken);
                    await GiveUp(transaction, fill.Id, cancellationToken);
                }

                return running.Count > 0;
            },
            cancellationToken);
        signal.Raise();
        return gaveUp;
    }

    private static bool HaveNoMatch(string fillId, List<Generation> generations) => generations.Exists(waiting => waiting.FillId == fillId && !generations.Exists(
        match => match.Projection == waiting.Projection && match.Version == waiting.Version && match is { State: GenerationState.Active, FilledAt: not null }));

    private void RefuseWhatIsNewer(IReadOnlyList<string> projections, List<Generation> generations)
    {
        if (generations.Find(generation => generation.State != GenerationState.Retired && projections.Contains(generation.Projection)
            && generation.Version > catalog.Find(generation.Projection)?.Version) is { } newer)
            throw new OutdatedProgramException($"A newer program has made version {newer.Version} of {newer.Projection}; this one makes version {catalog.Find(newer.Projection)!.Version}. Ask the newer one.");
    }

    private static async Task GiveUp(DbTransaction transaction, string fillId, CancellationToken cancellationToken)
    {
        foreach (var generation in await ProjectionRegistry.Generations(transaction, cancellationToken))
        {
            if (generation.FillId == fillId && generation.State == GenerationState.Building)
                await ProjectionRegistry.Change(transaction, generation with { State = GenerationState.Retired }, cancellationToken);
        }
    }
}
