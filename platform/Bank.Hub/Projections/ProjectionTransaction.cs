using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bank.Hub.Projections;

/// <summary>Writes what several messages bring, in one transaction.</summary>
internal sealed class ProjectionTransaction(
    ProjectionDatabase database, ProjectionCatalog catalog, FillSignal signal, IHostApplicationLifetime lifetime, ILogger<ProjectionTransaction> logger)
{
    /// <exception cref="OutdatedProgramException">A newer program has taken over; nothing was written.</exception>
    /// <exception cref="InvalidOperationException">Another program keeps tables that this one cannot write; nothing was written.</exception>
    public async Task Write(IReadOnlyList<ProjectionWrite> writes)
    {
        var ended = await database.Within(database.Dialect.WriteGate, transaction => Write(transaction, writes), CancellationToken.None);
        if (ended) signal.Raise();
    }

    private async Task<bool> Write(DbTransaction transaction, IReadOnlyList<ProjectionWrite> writes)
    {
        var generations = await ProjectionRegistry.Generations(transaction, CancellationToken.None);
        await RefuseWhatIsOfOthers(transaction, generations);
        var isComplete = false;
        var fills = new Dictionary<ProjectionWrite, string>();
        // One replay after the other, always in the same order: two writers never wait for each other in a circle.
        foreach (var group in writes.Where(write => write.Stretch is not null).GroupBy(write => write.Stretch!.ReplayId).OrderBy(group => group.Key))
        {
            if (await ProjectionRegistry.FindReplay(transaction, group.Key, database.Dialect, CancellationToken.None) is not { } found) continue;
            var (replay, events) = (found.Replay, found.Replay.Events);
            foreach (var write in group)
            {
                // What came before brings nothing new.
                if (replay.Covered.Covers(write.Stretch!.After + 1, write.Stretch.UpTo)) continue;
                replay.Covered.Add(write.Stretch.After + 1, write.Stretch.UpTo);
                events += write.Events;
                fills[write] = found.FillId;
            }

            await ProjectionRegistry.Save(transaction, replay with { Events = events }, CancellationToken.None);
            isComplete |= replay.IsComplete;
        }

        await WriteRows(transaction, Collect(writes, generations, fills));
        return isComplete;
    }

    // By generation: what came live goes to each that may answer one day, what came by a replay to those that asked for it.
    private Dictionary<Generation, ProjectionPart> Collect(IReadOnlyList<ProjectionWrite> writes, List<Generation> generations, Dictionary<ProjectionWrite, string> fills)
    {
        var parts = new Dictionary<Generation, ProjectionPart>();
        foreach (var generation in generations)
        {
            if (generation.State == GenerationState.Retired || catalog.Find(generation.Projection)?.Version != generation.Version) continue;
            var part = new ProjectionPart();
            foreach (var write in writes)
            {
                if (write.Stretch is not null && (!fills.TryGetValue(write, out var fill) || fill != generation.FillId)) continue;
                if (!write.Parts.TryGetValue(generation.Projection, out var added)) continue;
                part.Batch.Add(added.Batch);
                part.Subjects.AddRange(added.Subjects);
            }

            if (part.Batch.Tables.Count > 0 || part.Subjects.Count > 0) parts[generation] = part;
        }

        return parts;
    }

    private async Task WriteRows(DbTransaction transaction, Dictionary<Generation, ProjectionPart> parts)
    {
        await SubjectTracking.Write(transaction, database.Dialect, parts);
        foreach (var (generation, part) in parts)
        {
            foreach (var table in catalog.Find(generation.Projection)!.Tables)
            {
                if (part.Batch.Tables.TryGetValue(table, out var rows)) await database.Dialect.Write(transaction, generation.TableOf(table), rows, CancellationToken.None);
            }
        }
    }

    private async Task RefuseWhatIsOfOthers(DbTransaction transaction, List<Generation> generations)
    {
        var others = generations.FindAll(generation => generation.State != GenerationState.Retired && catalog.Find(generation.Projection)?.Version != generation.Version);
        if (others.Count == 0) return;
        if (others.Find(generation => generation.Version > catalog.Find(generation.Projection)?.Version) is { } newer) throw End(newer);
        var running = (await ProjectionRegistry.Fills(transaction, CancellationToken.None)).Where(fill => fill.State == FillState.Running).Select(fill => fill.Id).ToHashSet();
        // What this program took would be missing there for good. Tables that nobody keeps any more miss it as well, and are filled anew by whoever goes back to them.
        if (others.Find(generation => generation.FilledAt is not null || running.Contains(generation.FillId)) is { } kept)
            throw new InvalidOperationException($"Another program keeps version {kept.Version} of {kept.Projection}, which this one cannot write; the message is left to it. If it is gone for good, start this one again.");
    }

    private OutdatedProgramException End(Generation newer)
    {
        logger.LogCritical(
            "A newer program fills version {Newer} of {Projection}; this one makes version {Version}, so it ends.", newer.Version, newer.Projection, catalog.Find(newer.Projection)!.Version);
        lifetime.StopApplication();
        return new OutdatedProgramException($"Version {newer.Version} of {newer.Projection} has taken over.");
    }
}
