using System.Security.Cryptography;
using System.Text;

namespace Bank.Channels.Commands;

/// <summary>Ids and fingerprints of requests.</summary>
public static class RequestIds
{
    /// <summary>The id of a request: the same caller with the same key always has the same one, in whichever instance it arrives.</summary>
    public static Guid Of(string requestedBy, string channel, string idempotencyKey)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{channel}\n{requestedBy}\n{idempotencyKey}"));
        // A UUID of version 8 (RFC 9562, section 5.8): its bits are ours to choose.
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }

    /// <summary>What was asked, in 64 hexadecimal digits; the time of asking is no part of it.</summary>
    public static string Fingerprint(string accountId, string command, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{accountId}\n{command}\n"));
        hash.AppendData(body);
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
