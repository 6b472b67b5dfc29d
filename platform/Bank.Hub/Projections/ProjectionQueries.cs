using System.Data.Common;

namespace Bank.Hub.Projections;

/// <summary>Reads the tables of projections. All that one instance reads is of one moment, whatever is written or swapped meanwhile; so make one for each request, and dispose it.</summary>
/// <param name="database">Where the tables are.</param>
public sealed class ProjectionQueries(ProjectionDatabase database) : IAsyncDisposable
{
    private DbTransaction? snapshot;

    /// <summary>Reads rows.</summary>
    /// <param name="sql">A query, with parameters such as <c>@account</c>.</param>
    /// <param name="read">Makes a value of a row.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="parameters">By name, without the sign before it.</param>
    public async Task<List<T>> All<T>(string sql, Func<DbDataReader, T> read, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        snapshot ??= await database.BeginSnapshot(cancellationToken);
        await using var command = ProjectionRegistry.In(snapshot, sql, [.. parameters.Select(parameter => (parameter.Name, parameter.Value ?? DBNull.Value))]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken)) rows.Add(read(reader));
        return rows;
    }

    /// <summary>The version up to which no event of a subject is missing in what answers.</summary>
    /// <param name="projection">The name of the projection; one of its feeds must number its events.</param>
    /// <param name="subject">What the events are about.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>-1 when its first event is missing; null when none has come.</returns>
    public async Task<long?> CompleteUpTo(string projection, string subject, CancellationToken cancellationToken)
    {
        var seen = await All(
            """
            SELECT s.seen FROM projection_subject s JOIN projection_generation g ON g.projection = s.projection AND g.generation = s.generation
            WHERE s.projection = @projection AND s.subject = @subject AND g.state = @active
            """,
            row => row.GetString(0), cancellationToken, ("projection", projection), ("subject", subject), ("active", (int)GenerationState.Active));
        return seen.Count == 0 ? null : Ranges.Parse(seen[0]).Prefix;
    }

    /// <summary>Which tables of a projection answer, once they hold all of the past.</summary>
    /// <param name="projection">The name of the projection.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>A text that no other set of tables has; null while the past is missing.</returns>
    public async Task<string?> Filled(string projection, CancellationToken cancellationToken)
    {
        var found = await All(
            "SELECT generation, filled_us FROM projection_generation WHERE projection = @projection AND state = @active AND filled_us IS NOT NULL",
            row => $"{row.GetInt32(0)}/{row.GetInt64(1)}", cancellationToken, ("projection", projection), ("active", (int)GenerationState.Active));
        return found.FirstOrDefault();
    }

    /// <summary>Ends the reading.</summary>
    public async ValueTask DisposeAsync()
    {
        if (snapshot is null) return;
        var connection = snapshot.Connection;
        await snapshot.DisposeAsync();
        if (connection is not null) await connection.DisposeAsync();
    }
}
