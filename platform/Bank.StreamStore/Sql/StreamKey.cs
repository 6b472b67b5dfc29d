using System.Security.Cryptography;
using System.Text;

namespace Bank.StreamStore.Sql;

/// <summary>The key of a stream in the database: its name when that is a GUID, else the upper-case hexadecimal SHA-1 of its name. As SqlStreamStore stores it.</summary>
internal static class StreamKey
{
    // One of the spellings that Guid accepts is longer than the column.
    private const int ColumnWidth = 42;

    public static string Of(string streamId) =>
        streamId.Length <= ColumnWidth && Guid.TryParse(streamId, out _) ? streamId : Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(streamId)));

    /// <summary>The key of the stream that holds a stream's metadata.</summary>
    public static string OfMetadata(string streamId) => Of("$$" + streamId);
}
