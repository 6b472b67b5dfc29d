using System.Data.Common;

namespace Bank.Hub.Projections;

/// <summary>Makes new generations and what is to fill them.</summary>
internal static class FillStart
{
    /// <summary>Makes a generation of each projection. The first of all answers at once with what it has; another is built beside the one that answers.</summary>
    /// <param name="transaction">Holds the gate of changes.</param>
    /// <param name="dialect">Of the database.</param>
    /// <param name="projections">What to fill.</param>
    /// <param name="generations">All that there are.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<Fill> Begin(
        DbTransaction transaction, IProjectionDialect dialect, IReadOnlyList<DeclaredProjection> projections, IReadOnlyList<Generation> generations, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var fill = new Fill(Guid.NewGuid().ToString(), FillState.Running, [.. projections.Select(projection => projection.Name)], now, null, null, Replays(projections));
        await ProjectionRegistry.Forget(transaction, cancellationToken);
        await ProjectionRegistry.Add(transaction, fill, cancellationToken);
        foreach (var projection in projections)
        {
            var others = generations.Where(generation => generation.Projection == projection.Name).ToList();
            var isFirst = !others.Exists(generation => generation.State == GenerationState.Active);
            var number = others.Count == 0 ? 1 : others.Max(generation => generation.Number) + 1;
            var generation = new Generation(
                projection.Name, number, projection.Version, isFirst ? GenerationState.Active : GenerationState.Building, fill.Id, projection.Shape, null);
            await ProjectionRegistry.Add(transaction, generation, cancellationToken);
            // Tables of another version get nothing from this program, so they no longer hold all; a program that goes back to them has to fill them again.
            foreach (var old in others.Where(old => old.State == GenerationState.Active && old.Version != projection.Version))
                await ProjectionRegistry.Change(transaction, old with { FilledAt = null }, cancellationToken);
            await ProjectionTables.Create(transaction, projection, generation, dialect, cancellationToken);
            if (isFirst) await ProjectionTables.Show(transaction, projection, generation, dialect, cancellationToken);
        }

        return fill;
    }

    private static List<FillReplay> Replays(IReadOnlyList<DeclaredProjection> projections) =>
    [
        .. projections.SelectMany(projection => projection.Sources).GroupBy(source => source.Endpoint).Select(group => new FillReplay(
            Guid.NewGuid(), group.Key, [.. group.SelectMany(source => source.EventTypes).Distinct().Order(StringComparer.Ordinal)], null, new Ranges(), 0, null)),
    ];
}
