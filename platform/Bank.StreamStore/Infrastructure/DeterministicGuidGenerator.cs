using System.Security.Cryptography;

namespace Bank.StreamStore.Infrastructure;

/// <summary>Ids that are the same for the same source: UUID version 5 of RFC 9562, section 5.5.</summary>
/// <param name="guidNameSpace">The namespace.</param>
public class DeterministicGuidGenerator(Guid guidNameSpace)
{
    /// <summary>The id of a source.</summary>
    public Guid Create(byte[] source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var input = new byte[16 + source.Length];
        guidNameSpace.TryWriteBytes(input, bigEndian: true, out _);
        source.CopyTo(input, 16);
        Span<byte> hash = stackalloc byte[20];
        // SHA-1 is what version 5 prescribes; it names things here and protects nothing.
        SHA1.HashData(input, hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
