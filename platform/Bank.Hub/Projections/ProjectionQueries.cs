using System.Data.Common;

namespace Bank.Hub.Projections;

/// <summary>Reads the tables of projections. All that one instance reads is of one moment, whatever is written or swapped meanwhile; so make one for each request, and dispose it.</summary>
/// <param name="database">Where the tables are.</param>
/// <param name="catalog">The projections of this program.</param>
public sealed class ProjectionQueries(ProjectionDatabase database, ProjectionCatalog catalog) : IAsyncDisposable
{
    private DbTransaction? snapshot;

    /// <summary>Reads rows.</summary>
    /// <param name="sql">A query, with parameters such as <c>@account</c>.</param>
    /// <param name="read">Makes a value of a row.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="parameters">By name, without the sign before it.</param>
    /// <exception cref="OtherVersionAnswersException">The query failed, and tables of another version answer as yet.</exception>
    public async Task<List<T>> All<T>(string sql, Func<DbDataReader, T> read, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        snapshot ??= await database.BeginSnapshot(cancellationToken);
        try
        {
            await using var command = ProjectionRegistry.In(snapshot, sql, [.. parameters.Select(parameter => (parameter.Name, parameter.Value ?? DBNull.Value))]);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var rows = new List<T>();
            while (await reader.ReadAsync(cancellationToken)) rows.Add(read(reader));
            return rows;
        }
        // The drivers differ in what they throw for a value that is null: Npgsql the one, Microsoft.Data.Sqlite the other.
        catch (Exception exception) when (exception is DbException { IsTransient: false } or InvalidCastException or InvalidOperationException)
        {
            // The snapshot holds what a swap may wait for, and asking waits for the swap.
            await DisposeAsync();
            if (await OtherVersion(cancellationToken) is { } other) throw new OtherVersionAnswersException(other, exception);
            throw;
        }
    }

    /// <summary>Whether any event of a subject is in what answers.</summary>
    /// <param name="projection">The name of the projection; one of its feeds must number its events.</param>
    /// <param name="subject">What the events are about.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<bool> IsKnown(string projection, string subject, CancellationToken cancellationToken) => (await Seen(projection, subject, cancellationToken)).Count > 0;

    /// <summary>The version up to which no event of a subject is missing in what answers.</summary>
    /// <param name="projection">The name of the projection; one of its feeds must number its events.</param>
    /// <param name="subject">What the events are about.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>-1 when its first event is missing; null when none has come, and while tables of another version than this program's answer.</returns>
    public async Task<long?> CompleteUpTo(string projection, string subject, CancellationToken cancellationToken)
    {
        var seen = await Seen(projection, subject, cancellationToken);
        return seen.Count == 0 || seen[0].Version != catalog.Find(projection)?.Version ? null : Ranges.Parse(seen[0].Versions).Prefix;
    }

    /// <summary>Which tables of a projection answer, once they are of this program's version and hold all of the past.</summary>
    /// <param name="projection">The name of the projection.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>A text that no other set of tables has; null before.</returns>
    public async Task<string?> Filled(string projection, CancellationToken cancellationToken)
    {
        var found = await All(
            "SELECT generation, filled_us FROM projection_generation WHERE projection = @projection AND version = @version AND state = @active AND filled_us IS NOT NULL",
            row => $"{row.GetInt32(0)}/{row.GetInt64(1)}", cancellationToken,
            ("projection", projection), ("version", catalog.Find(projection)?.Version ?? 0), ("active", (int)GenerationState.Active));
        return found.FirstOrDefault();
    }

    /// <summary>Ends the reading.</summary>
    public async ValueTask DisposeAsync()
    {
        if (snapshot is null) return;
        var connection = snapshot.Connection;
        await snapshot.DisposeAsync();
        snapshot = null;
        if (connection is not null) await connection.DisposeAsync();
    }

    private Task<List<(string Versions, int Version)>> Seen(string projection, string subject, CancellationToken cancellationToken) => All(
        """
        SELECT s.seen, g.version FROM projection_subject s JOIN projection_generation g ON g.projection = s.projection AND g.generation = s.generation
        WHERE s.projection = @projection AND s.subject = @subject AND g.state = @active
        """,
        row => (row.GetString(0), row.GetInt32(1)), cancellationToken, ("projection", projection), ("subject", subject), ("active", (int)GenerationState.Active));

    // A transaction in which a query failed answers no other.
    private async Task<string?> OtherVersion(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        await using var transaction = await database.Dialect.BeginSnapshot(connection, cancellationToken);
        var active = (await ProjectionRegistry.Generations(transaction, cancellationToken)).Where(generation => generation.State == GenerationState.Active);
        if (active.FirstOrDefault(generation => catalog.Find(generation.Projection) is { } declared && declared.Version != generation.Version) is not { } other) return null;
        var own = catalog.Find(other.Projection)!.Version;
        return other.Version > own
            ? $"A newer program has made version {other.Version} of {other.Projection}; the question fits version {own}. Ask the newer one."
            : $"Version {other.Version} of {other.Projection} answers as yet; the question fits version {own}, which is to be filled first: see /projections/{other.Projection}.";
    }
}
