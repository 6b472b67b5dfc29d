using System.Security.Cryptography;
using System.Text;

namespace Bank.StreamStore.Sql;

/// <summary>The key of a stream in the database: its name when that is a GUID, else the upper-case hexadecimal SHA-1 of its name. As SqlStreamStore stores it.</summary>
internal static class StreamKey
{
    public static string Of(string streamId) =>
        Guid.TryParse(streamId, out _) ? streamId : Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(streamId)));
}
