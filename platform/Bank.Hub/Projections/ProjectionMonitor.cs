using System.Data.Common;

namespace Bank.Hub.Projections;

/// <summary>Tells how projections are.</summary>
public sealed class ProjectionMonitor
{
    private readonly ProjectionDatabase database;
    private readonly ProjectionCatalog catalog;
    private readonly ProjectionMeter meter;

    internal ProjectionMonitor(ProjectionDatabase database, ProjectionCatalog catalog, ProjectionMeter meter)
    {
        this.database = database;
        this.catalog = catalog;
        this.meter = meter;
    }

    /// <summary>The projections of the endpoint, by name.</summary>
    public async Task<IReadOnlyList<ProjectionStatus>> Read(CancellationToken cancellationToken = default)
    {
        await using var connection = await database.Open(cancellationToken);
        await using var transaction = await database.Dialect.BeginSnapshot(connection, cancellationToken);
        var generations = await ProjectionRegistry.Generations(transaction, cancellationToken);
        var fills = await ProjectionRegistry.Fills(transaction, cancellationToken);
        var all = new List<ProjectionStatus>();
        foreach (var projection in catalog.Projections.OrderBy(projection => projection.Name, StringComparer.Ordinal))
        {
            if (generations.Find(generation => generation.Projection == projection.Name && generation.State == GenerationState.Active) is { } active)
                all.Add(await Describe(transaction, projection, active, generations, fills, cancellationToken));
        }

        return all;
    }

    private async Task<ProjectionStatus> Describe(
        DbTransaction transaction, DeclaredProjection projection, Generation active, List<Generation> generations, List<Fill> fills, CancellationToken cancellationToken)
    {
        var (subjects, missing, gaps) = projection.Bindings.Any(binding => binding.Feed.HasSubjects) ? await Gaps(transaction, active, cancellationToken) : (null, null, null);
        if (missing is { } count) meter.Missing(projection.Name, count);
        var newest = generations.Where(generation => generation.Projection == projection.Name).MaxBy(generation => generation.Number)!;
        var last = meter.Last(projection.Name);
        return new ProjectionStatus
        {
            Name = projection.Name,
            Version = active.Version,
            State = newest.State == GenerationState.Building ? "Rebuilding" : active.FilledAt is null ? "Filling" : "Following",
            Generation = active.Number,
            Tables = [.. projection.Tables.Select(table => table.Name)],
            FilledAt = active.FilledAt,
            Subjects = subjects,
            MissingEvents = missing,
            SubjectsWithGaps = gaps,
            LastEventAt = last.OccurredAt,
            LagSeconds = last.Lag?.TotalSeconds,
            Positions = last.Positions,
            Rebuild = fills.FindLast(fill => fill.Projections.Contains(projection.Name)) is { } fill ? Describe(fill) : null,
        };
    }

    private static FillStatus Describe(Fill fill) => new()
    {
        Id = fill.Id,
        State = fill.State.ToString(),
        Projections = fill.Projections,
        StartedAt = fill.StartedAt,
        EndedAt = fill.EndedAt,
        Progress = fill.State == FillState.Done ? 1 : fill.Replays.Average(replay => replay.Progress),
        Events = fill.Replays.Sum(replay => replay.Events),
        Error = fill.Error,
        Sources = [.. fill.Replays.Select(replay => new FillSource(replay.Endpoint, replay.Id, replay.UpTo, replay.Covered.Count, replay.Events, replay.AskedAt))],
    };

    private static async Task<(long?, long?, long?)> Gaps(DbTransaction transaction, Generation generation, CancellationToken cancellationToken)
    {
        await using var command = ProjectionRegistry.In(
            transaction,
            """
            SELECT CAST(COUNT(*) AS BIGINT), CAST(COALESCE(SUM(missing), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN missing > 0 THEN 1 ELSE 0 END), 0) AS BIGINT)
            FROM projection_subject WHERE projection = @projection AND generation = @generation
            """,
            ("projection", generation.Projection), ("generation", generation.Number));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }
}
