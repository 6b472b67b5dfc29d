using System.Data.Common;
using Bank.Projections.Storage;

namespace Bank.Projections.Http;

/// <summary>Reads columns that may be null.</summary>
internal static class ReaderExtensions
{
    public static string? Text(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static DateTimeOffset? Instant(this DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : Instants.FromStored(reader.GetInt64(column));
}
