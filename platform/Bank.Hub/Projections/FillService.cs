using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bank.Hub.Projections;

/// <summary>Brings fills to their end: asks for replays, swaps in what is complete, drops what is no longer needed. Every instance does, and may end at any line.</summary>
internal sealed class FillService(
    ProjectionDatabase database, ProjectionCatalog catalog, FillSignal signal, IReplayAsker asker, IMessageSession session, ProjectionOptions options,
    IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<FillService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await lifetime.HasStarted(stoppingToken)) return;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Care(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(exception, "What fills projections does not get on; the next try is in {Pause}.", options.PollInterval);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await signal.Wait(options.PollInterval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Care(CancellationToken cancellationToken)
    {
        // Fills first: whatever begins in between is not among them, so that no fill is seen without its generations.
        var (fills, generations) = await database.Within(
            null,
            async transaction => (await ProjectionRegistry.Fills(transaction, cancellationToken), await ProjectionRegistry.Generations(transaction, cancellationToken)), cancellationToken);
        foreach (var fill in fills.Where(fill => fill.State == FillState.Running))
        {
            var filled = generations.Where(generation => generation.FillId == fill.Id).ToList();
            // What another program declares is its own concern.
            if (filled.Exists(generation => catalog.Find(generation.Projection)?.Version != generation.Version)) continue;
            if (fill.IsComplete) await Finish(fill.Id, filled, cancellationToken);
            else await Ask(fill, cancellationToken);
        }

        foreach (var generation in generations.Where(generation => generation.State == GenerationState.Retired)) await Drop(generation, cancellationToken);
    }

    private async Task Ask(Fill fill, CancellationToken cancellationToken)
    {
        foreach (var replay in fill.Replays.Where(replay => replay.UpTo is null))
        {
            if (!await MayAsk(fill, replay.Id, cancellationToken)) continue;
            var send = new SendOptions();
            send.SetDestination(replay.Endpoint);
            await session.Send(asker.Ask(new ReplayOrder(replay.Id, replay.EventTypes, options.EventsPerMessage)), send, cancellationToken);
            logger.LogInformation("{Endpoint} was asked for the replay {ReplayId}{Again}.", replay.Endpoint, replay.Id, replay.AskedAt is null ? "" : " again");
        }
    }

    // Asked again while nothing is heard, or no: the endpoint may not have been there yet, or not able to. The same request has no second effect.
    private Task<bool> MayAsk(Fill fill, Guid replayId, CancellationToken cancellationToken) => database.Within(
        null,
        async transaction =>
        {
            if (await ProjectionRegistry.FindReplay(transaction, replayId, database.Dialect, cancellationToken) is not { } found) return false;
            var (replay, now) = (found.Replay, clock.GetUtcNow());
            if (replay.UpTo is not null || (replay.AskedAt is { } asked && now - asked < options.PauseAfter(asked - fill.StartedAt))) return false;
            await ProjectionRegistry.Save(transaction, replay with { AskedAt = now }, cancellationToken);
            return true;
        },
        cancellationToken);

    private async Task Finish(string fillId, List<Generation> filled, CancellationToken cancellationToken)
    {
        var swaps = filled.Exists(generation => generation.State == GenerationState.Building);
        var done = await database.Within(
            swaps ? database.Dialect.SwapGate : database.Dialect.ChangeGate, transaction => Finish(transaction, fillId, cancellationToken), cancellationToken);
        if (done) logger.LogInformation("{Projections} hold all of the past.", string.Join(", ", filled.Select(generation => $"{generation.Projection} (generation {generation.Number})")));
        signal.Raise();
    }

    private async Task<bool> Finish(DbTransaction transaction, string fillId, CancellationToken cancellationToken)
    {
        var fill = (await ProjectionRegistry.Fills(transaction, cancellationToken)).Find(one => one.Id == fillId);
        if (fill is not { State: FillState.Running, IsComplete: true }) return false;
        var generations = await ProjectionRegistry.Generations(transaction, cancellationToken);
        foreach (var generation in generations.Where(generation => generation.FillId == fillId))
        {
            var projection = catalog.Find(generation.Projection)!;
            if (generation.State == GenerationState.Building)
            {
                foreach (var old in generations.Where(old => old.Projection == generation.Projection && old.State == GenerationState.Active))
                {
                    await ProjectionTables.Hide(transaction, old, projection, cancellationToken);
                    await ProjectionRegistry.Change(transaction, old with { State = GenerationState.Retired }, cancellationToken);
                }

                await ProjectionTables.Show(transaction, projection, generation, database.Dialect, cancellationToken);
            }

            await ProjectionRegistry.Change(transaction, generation with { State = GenerationState.Active, FilledAt = clock.GetUtcNow() }, cancellationToken);
        }

        await ProjectionRegistry.End(transaction, fillId, FillState.Done, null, clock.GetUtcNow(), cancellationToken);
        return true;
    }

    private async Task Drop(Generation generation, CancellationToken cancellationToken)
    {
        var dropped = await database.Within(
            database.Dialect.DropGate,
            async transaction =>
            {
                // Another instance may have dropped them, and tables of a later rebuild may have their number by now.
                if (!await ProjectionRegistry.RemoveRetired(transaction, generation, cancellationToken)) return false;
                await ProjectionTables.Drop(transaction, generation, cancellationToken);
                return true;
            },
            cancellationToken);
        if (dropped) logger.LogInformation("The tables of generation {Generation} of {Projection} were dropped.", generation.Number, generation.Projection);
    }
}
