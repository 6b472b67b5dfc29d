using System.Data.Common;
using Bank.Hub.Projections;
using Bank.Projections.Storage;

namespace Bank.Projections.Http;

/// <summary>Reads rows. All that one request reads is of one moment, whatever is written or swapped meanwhile.</summary>
internal sealed class Queries(ProjectionDatabase database) : IAsyncDisposable
{
    private DbTransaction? snapshot;

    public async Task<List<T>> All<T>(
        string sql, Func<DbDataReader, T> read, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        snapshot ??= await database.BeginSnapshot(cancellationToken);
        await using var command = snapshot.Connection!.CreateCommand();
        command.Transaction = snapshot;
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken)) rows.Add(read(reader));
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        if (snapshot is null) return;
        var connection = snapshot.Connection;
        await snapshot.DisposeAsync();
        if (connection is not null) await connection.DisposeAsync();
    }
}

internal static class ReaderExtensions
{
    public static string? Text(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static DateTimeOffset? Instant(this DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : Instants.FromStored(reader.GetInt64(column));
}
