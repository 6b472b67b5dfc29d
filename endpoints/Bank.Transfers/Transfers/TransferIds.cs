using System.Security.Cryptography;
using System.Text;

namespace Bank.Transfers.Transfers;

/// <summary>Ids that follow from a transfer: the same step of the same transfer always has the same one, however often it is asked for.</summary>
public static class TransferIds
{
    private static readonly Guid Space = new("b6a3c0a1-0b0e-4f39-9d37-6f2f5f7e4c21");

    public static Guid Reserve(Guid transferId) => Of(transferId, "reserve");

    public static Guid Credit(Guid transferId) => Of(transferId, "credit");

    public static Guid Capture(Guid transferId) => Of(transferId, "capture");

    public static Guid Release(Guid transferId) => Of(transferId, "release");

    /// <summary>The refusal of a request under the id of another's transfer.</summary>
    // Earlier programs took the request alone. One of theirs that comes again is refused once more under this id, which changes nothing: of the outcomes of a request the first stays.
    public static Guid Declined(Guid transferId, Guid requestId) => Of(transferId, $"declined/{requestId:D}");

    /// <summary>UUID version 5 (RFC 9562, section 5.5) of the transfer and the name of a step.</summary>
    public static Guid Of(Guid transferId, string step)
    {
        var input = new byte[16 + Encoding.UTF8.GetByteCount(step) + 16];
        Space.TryWriteBytes(input, bigEndian: true, out _);
        transferId.TryWriteBytes(input.AsSpan(16), bigEndian: true, out _);
        Encoding.UTF8.GetBytes(step, input.AsSpan(32));
        Span<byte> hash = stackalloc byte[20];
        // SHA-1 is what version 5 prescribes; it names things here and protects nothing.
        SHA1.HashData(input, hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
