using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using Bank.StreamStore.Archiving;

namespace Bank.StreamStore.Sql;

/// <summary>The payloads of some messages, compressed together. A segment loses messages when they are deleted; what it holds of a message never changes.</summary>
/// <remarks>
/// Stored are: the format (1 byte), the length of the content (4 bytes), and the content, compressed with Brotli. The content: the number of messages (4 bytes); for each its position (8),
/// the length of its data (4) and of its metadata (4); then the data of all, then the metadata of all, in UTF-8. Numbers are little-endian.
/// </remarks>
internal sealed class Segment
{
    private const byte Format = 1;
    private const int HeaderSize = 5;
    private const int EntrySize = 16;

    // Higher ones take much longer and gain little.
    private const int Quality = 6;
    private const int Window = 22;

    private readonly byte[] content;
    private readonly Dictionary<long, (int DataAt, int DataLength, int MetadataAt, int MetadataLength)> entries;

    private Segment(long id, byte[] content)
    {
        Id = id;
        this.content = content;
        var count = BinaryPrimitives.ReadInt32LittleEndian(content);
        entries = new(count);
        var dataAt = 4 + count * EntrySize;
        var metadataAt = dataAt;
        for (var index = 0; index < count; index++) metadataAt += BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(4 + index * EntrySize + 8));
        for (var index = 0; index < count; index++)
        {
            var entry = content.AsSpan(4 + index * EntrySize, EntrySize);
            var (dataLength, metadataLength) = (BinaryPrimitives.ReadInt32LittleEndian(entry[8..]), BinaryPrimitives.ReadInt32LittleEndian(entry[12..]));
            entries.Add(BinaryPrimitives.ReadInt64LittleEndian(entry), (dataAt, dataLength, metadataAt, metadataLength));
            dataAt += dataLength;
            metadataAt += metadataLength;
        }
    }

    public long Id { get; }

    /// <summary>What it takes up in memory, about.</summary>
    public int Bytes => content.Length;

    public static byte[] ChecksumOf(ReadOnlySpan<byte> stored) => SHA256.HashData(stored);

    /// <summary>Data and metadata of the message at a position, in UTF-8; null when it is not there.</summary>
    public (ReadOnlyMemory<byte> Data, ReadOnlyMemory<byte> Metadata)? Find(long position) => entries.TryGetValue(position, out var entry)
        ? (content.AsMemory(entry.DataAt, entry.DataLength), content.AsMemory(entry.MetadataAt, entry.MetadataLength))
        : null;

    /// <summary>All payloads but those of some messages.</summary>
    public List<ArchivedPayload> Without(IReadOnlySet<long> positions) =>
    [
        .. entries.Where(entry => !positions.Contains(entry.Key)).OrderBy(entry => entry.Key).Select(entry => new ArchivedPayload(
            entry.Key, content.AsMemory(entry.Value.DataAt, entry.Value.DataLength), content.AsMemory(entry.Value.MetadataAt, entry.Value.MetadataLength))),
    ];

    /// <summary>Makes what is stored.</summary>
    public static byte[] Encode(IReadOnlyList<ArchivedPayload> payloads)
    {
        var content = new byte[4 + payloads.Count * EntrySize + payloads.Sum(payload => payload.Data.Length + payload.Metadata.Length)];
        BinaryPrimitives.WriteInt32LittleEndian(content, payloads.Count);
        var (entryAt, textAt) = (4, 4 + payloads.Count * EntrySize);
        foreach (var payload in payloads)
        {
            var entry = content.AsSpan(entryAt, EntrySize);
            BinaryPrimitives.WriteInt64LittleEndian(entry, payload.Position);
            BinaryPrimitives.WriteInt32LittleEndian(entry[8..], payload.Data.Length);
            BinaryPrimitives.WriteInt32LittleEndian(entry[12..], payload.Metadata.Length);
            entryAt += EntrySize;
            payload.Data.Span.CopyTo(content.AsSpan(textAt));
            textAt += payload.Data.Length;
        }

        foreach (var payload in payloads)
        {
            payload.Metadata.Span.CopyTo(content.AsSpan(textAt));
            textAt += payload.Metadata.Length;
        }

        var compressed = new byte[BrotliEncoder.GetMaxCompressedLength(content.Length)];
        if (!BrotliEncoder.TryCompress(content, compressed, out var length, Quality, Window)) throw new InvalidOperationException("The payloads cannot be compressed.");
        var stored = new byte[HeaderSize + length];
        stored[0] = Format;
        BinaryPrimitives.WriteInt32LittleEndian(stored.AsSpan(1), content.Length);
        compressed.AsSpan(0, length).CopyTo(stored.AsSpan(HeaderSize));
        return stored;
    }

    /// <summary>Reads what is stored.</summary>
    /// <param name="id">The segment.</param>
    /// <param name="checksum">What was noted with it.</param>
    /// <param name="stored">What is stored.</param>
    /// <param name="position">The position of a message that it is needed for.</param>
    /// <exception cref="ArchiveDamagedException">It is not what was written.</exception>
    public static Segment Decode(long id, byte[] checksum, byte[] stored, long position)
    {
        if (!ChecksumOf(stored).AsSpan().SequenceEqual(checksum)) throw new ArchiveDamagedException(id, position, "does not have its checksum");
        if (stored[0] != Format) throw new ArchiveDamagedException(id, position, $"is of format {stored[0]}, which this program does not know");
        var content = new byte[BinaryPrimitives.ReadInt32LittleEndian(stored.AsSpan(1))];
        return BrotliDecoder.TryDecompress(stored.AsSpan(HeaderSize), content, out var length) && length == content.Length
            ? new Segment(id, content)
            : throw new ArchiveDamagedException(id, position, "cannot be decompressed");
    }
}

/// <summary>What is archived of a message.</summary>
/// <param name="Position">Its position.</param>
/// <param name="Data">Its data in UTF-8.</param>
/// <param name="Metadata">Its metadata in UTF-8; empty for none.</param>
internal readonly record struct ArchivedPayload(long Position, ReadOnlyMemory<byte> Data, ReadOnlyMemory<byte> Metadata);
