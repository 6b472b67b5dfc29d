using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Bank.ServiceBus.Metrics;

/// <summary>
/// The binary form of measured values, version 1, little-endian: version and base time in ticks (int64 each); the tags, each with its key, counted from 1,
/// its length and its UTF-8 text; then the values, each with its distance from the base time in ticks, the key of its tag (int32 each) and the value (int64).
/// </summary>
internal static class RawDataFormat
{
    public const string ContentType = "TaggedLongValueWriterOccurrence";

    private const long Version = 1;

    /// <summary>The most values in one report, so that it stays a small message on any transport.</summary>
    public const int MostEntries = RingBuffer.ReportAt;

    /// <summary>Writes values as reports: one, unless they are many or further apart than the distance from the base time can tell.</summary>
    public static IEnumerable<byte[]> Write(RawEntry[] entries)
    {
        Array.Sort(entries, static (left, right) => left.Ticks.CompareTo(right.Ticks));
        for (var start = 0; start < entries.Length;)
        {
            var end = start;
            while (end < entries.Length && end - start < MostEntries && entries[end].Ticks - entries[start].Ticks <= int.MaxValue) end++;
            yield return WriteOne(entries.AsSpan(start..end));
            start = end;
        }
    }

    private static byte[] WriteOne(ReadOnlySpan<RawEntry> sorted)
    {
        var keys = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in sorted) keys.TryAdd(entry.Tag, keys.Count + 1);

        var report = new ArrayBufferWriter<byte>(64 + sorted.Length * 16);
        WriteLong(report, Version);
        WriteLong(report, sorted[0].Ticks);
        WriteInt(report, keys.Count);
        foreach (var (tag, key) in keys)
        {
            WriteInt(report, key);
            WriteInt(report, Encoding.UTF8.GetByteCount(tag));
            Encoding.UTF8.GetBytes(tag, report);
        }

        WriteInt(report, sorted.Length);
        foreach (var entry in sorted)
        {
            WriteInt(report, (int)(entry.Ticks - sorted[0].Ticks));
            WriteInt(report, keys[entry.Tag]);
            WriteLong(report, entry.Value);
        }

        return report.WrittenSpan.ToArray();
    }

    private static void WriteInt(ArrayBufferWriter<byte> report, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(report.GetSpan(sizeof(int)), value);
        report.Advance(sizeof(int));
    }

    private static void WriteLong(ArrayBufferWriter<byte> report, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(report.GetSpan(sizeof(long)), value);
        report.Advance(sizeof(long));
    }
}
