using System.Data.Common;
using Microsoft.Extensions.Logging;
using static Bank.Hub.HubSql;

namespace Bank.Hub.Projections;

/// <summary>Brings tables and registry in line with what the program declares, before the endpoint starts. Several instances may start at once.</summary>
internal sealed class ProjectionPreparation(ProjectionDatabase database, ProjectionCatalog catalog, TimeProvider clock, ILogger<ProjectionPreparation> logger)
{
    private const int BeforeGenerations = 0;

    /// <exception cref="InvalidOperationException">The database is ahead of the program, or a declaration changed without its version.</exception>
    public Task Prepare(CancellationToken cancellationToken) => database.Within(
        database.Dialect.PrepareGate,
        async transaction =>
        {
            await ProjectionRegistry.CreateTables(transaction, database.Dialect, cancellationToken);
            if (database.Dialect.ChangeGate is { } gate) await Execute(transaction, gate, cancellationToken);
            foreach (var projection in catalog.Projections) await Adopt(transaction, projection, cancellationToken);
            var generations = await ProjectionRegistry.Generations(transaction, cancellationToken);
            // What was refused and waits bars no way back: nothing of it answers.
            var refused = (await ProjectionRegistry.Fills(transaction, cancellationToken)).Where(fill => fill.IsRefused).Select(fill => fill.Id).ToHashSet();
            var kept = generations.FindAll(generation => !(generation.State == GenerationState.Building && refused.Contains(generation.FillId)));
            foreach (var projection in catalog.Projections) Check(projection, kept);
            await EndWhatIsOfOthers(transaction, generations, cancellationToken);
            await FillWhatIsNew(transaction, cancellationToken);
            return true;
        },
        cancellationToken);

    // Tables from before there were generations. Where events are not numbered nothing is missing in the registry, so they stay; else they answer until a replay has filled others.
    private async Task Adopt(DbTransaction transaction, DeclaredProjection projection, CancellationToken cancellationToken)
    {
        var old = new List<ProjectionTable>();
        foreach (var table in projection.Tables)
        {
            if (await ProjectionRegistry.Number(transaction, database.Dialect.CountTables, cancellationToken, ("name", table.Name)) > 0) old.Add(table);
        }

        if (old.Count == 0) return;
        var stays = old.Count == projection.Tables.Count && projection.Bindings.All(binding => !binding.Feed.HasSubjects);
        foreach (var table in old) stays &= await HasColumns(transaction, table, cancellationToken);
        var generation = new Generation(
            projection.Name, BeforeGenerations, stays ? projection.Version : BeforeGenerations, GenerationState.Active, "",
            stays ? projection.Shape : string.Join('\n', old.Select(table => table.Name)), clock.GetUtcNow());
        foreach (var table in old)
        {
            await Execute(transaction, database.Dialect.Rename(table.Name, generation.TableOf(table)), cancellationToken);
            await Execute(transaction, database.Dialect.ReplaceView(table.Name, generation.TableOf(table)), cancellationToken);
        }

        await ProjectionRegistry.Add(transaction, generation, cancellationToken);
        logger.LogInformation("The tables of {Projection} are taken over as generation 0{Purpose}.", projection.Name, stays ? "" : ", to be replaced by a replay");
    }

    private static async Task<bool> HasColumns(DbTransaction transaction, ProjectionTable table, CancellationToken cancellationToken)
    {
        await using var command = ProjectionRegistry.In(transaction, $"SELECT * FROM {table.Name} WHERE 1 = 0");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToHashSet().SetEquals(table.Columns.Select(column => column.Name));
    }

    private static void Check(DeclaredProjection projection, List<Generation> generations)
    {
        foreach (var generation in generations.Where(generation => generation.Projection == projection.Name && generation.State != GenerationState.Retired))
        {
            if (generation.Version > projection.Version)
            {
                throw new InvalidOperationException(
                    $"The database holds version {generation.Version} of the projection {projection.Name}, and this program is made for version {projection.Version}. To go back, give the older program a higher version.");
            }

            if (generation.Version == projection.Version && generation.Shape != projection.Shape)
                throw new InvalidOperationException($"The tables of the projection {projection.Name} have changed, and its version {projection.Version} has not.");
        }
    }

    // What an older version, or a program with other projections, began is of no use; its fill ends, with all that it fills. What it filled gets nothing from this program,
    // so it no longer holds all; a program that goes back to it has to fill it again.
    private async Task EndWhatIsOfOthers(DbTransaction transaction, List<Generation> generations, CancellationToken cancellationToken)
    {
        var others = generations.FindAll(generation => generation.State != GenerationState.Retired && catalog.Find(generation.Projection)?.Version != generation.Version);
        var ended = others.Select(generation => generation.FillId).Where(fill => fill.Length > 0).ToHashSet();
        foreach (var fill in ended) await ProjectionRegistry.End(transaction, fill, FillState.Failed, "Another program took its place.", clock.GetUtcNow(), cancellationToken);
        foreach (var generation in generations.Where(generation => generation.State == GenerationState.Building && ended.Contains(generation.FillId)))
            await ProjectionRegistry.Change(transaction, generation with { State = GenerationState.Retired }, cancellationToken);
        foreach (var generation in others.Where(generation => generation.State == GenerationState.Active))
            await ProjectionRegistry.Change(transaction, generation with { FilledAt = null }, cancellationToken);
    }

    private async Task FillWhatIsNew(DbTransaction transaction, CancellationToken cancellationToken)
    {
        var generations = await ProjectionRegistry.Generations(transaction, cancellationToken);
        var running = (await ProjectionRegistry.Fills(transaction, cancellationToken)).Where(fill => fill.State == FillState.Running).Select(fill => fill.Id).ToHashSet();
        var missing = catalog.Projections.Where(projection => !generations.Any(
            generation => generation.Projection == projection.Name && generation.Version == projection.Version && generation.State != GenerationState.Retired
                && (generation.FilledAt is not null || running.Contains(generation.FillId))));
        // Those that are made of the same events share the replay of them.
        foreach (var group in missing.GroupBy(projection => string.Join(';', projection.Sources.Select(source => $"{source.Endpoint}:{string.Join(',', source.EventTypes)}"))))
        {
            await FillStart.Begin(transaction, database.Dialect, [.. group], generations, clock.GetUtcNow(), cancellationToken);
            logger.LogInformation("{Projections} will be filled from a replay.", string.Join(", ", group.Select(projection => $"{projection.Name} (version {projection.Version})")));
        }
    }
}
