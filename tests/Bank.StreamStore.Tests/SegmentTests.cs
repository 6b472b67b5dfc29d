using System.Text;
using Bank.StreamStore.Archiving;
using Bank.StreamStore.Sql;
using CsCheck;

namespace Bank.StreamStore.Tests;

/// <summary>What is stored of a segment, and the segments that are kept.</summary>
public sealed class SegmentTests
{
    private static readonly Gen<ArchivedPayload[]> s_payloads = Gen.Select(Gen.Long[0, 1000], Gen.String, Gen.String, (gap, data, metadata) => (gap, data, metadata)).Array[1, 20].Select(parts =>
    {
        var position = -1L;
        return Array.ConvertAll(parts, part => new ArchivedPayload(position += 1 + part.gap, Encoding.UTF8.GetBytes(part.data), Encoding.UTF8.GetBytes(part.metadata)));
    });

    [Fact]
    public void Whatever_is_put_in_is_found_by_its_position_and_nothing_else_is() => s_payloads.Sample(payloads =>
    {
        var segment = Decoded(7, payloads);
        Assert.Equal(7, segment.Id);
        foreach (var payload in payloads) AssertSame(payload, segment);
        Assert.Null(segment.Find(payloads[^1].Position + 1));
        Assert.Null(segment.Find(-1));
    });

    [Fact]
    public void What_is_taken_out_is_gone_and_the_rest_remains() => Gen.Select(s_payloads, Gen.Int[0, 19].HashSet[0, 20]).Sample((payloads, chosen) =>
    {
        var gone = chosen.Where(index => index < payloads.Length).Select(index => payloads[index].Position).ToHashSet();
        var rest = Decoded(7, payloads).Without(gone);
        Assert.Equal(payloads.Select(payload => payload.Position).Where(position => !gone.Contains(position)), rest.Select(payload => payload.Position));
        var segment = Decoded(7, rest);
        foreach (var payload in payloads)
        {
            if (gone.Contains(payload.Position)) Assert.Null(segment.Find(payload.Position));
            else AssertSame(payload, segment);
        }
    });

    [Fact]
    public void No_bit_may_change()
    {
        var stored = Segment.Encode([new ArchivedPayload(3, "{}"u8.ToArray(), default)]);
        var checksum = Segment.ChecksumOf(stored);
        for (var bit = 0; bit < stored.Length * 8; bit++)
        {
            var changed = stored.ToArray();
            changed[bit / 8] ^= (byte)(1 << bit % 8);
            var damaged = Assert.Throws<ArchiveDamagedException>(() => Segment.Decode(7, checksum, changed, position: 3));
            Assert.Equal((7L, 3L), (damaged.Segment, damaged.Position));
        }
    }

    [Fact]
    public void A_format_of_a_later_time_is_told_and_not_guessed()
    {
        byte[] stored = [9, 0, 0, 0, 0];
        Assert.Contains("format 9", Assert.Throws<ArchiveDamagedException>(() => Segment.Decode(7, Segment.ChecksumOf(stored), stored, 3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Segments_that_were_used_last_are_kept_up_to_a_number_of_bytes()
    {
        var segments = Enumerable.Range(0, 5).Select(id => Decoded(id, [new ArchivedPayload(id, new byte[1000], default)])).ToList();
        var cache = new SegmentCache(mostBytes: 3 * segments[0].Bytes);
        foreach (var segment in segments.Take(3)) cache.Keep(segment);
        Assert.Same(segments[0], cache.Find(0));
        cache.Keep(segments[3]);
        Assert.Equal([true, false, true, true], Enumerable.Range(0, 4).Select(id => cache.Find(id) is not null));
        cache.Keep(segments[3]);
        cache.Forget(2);
        cache.Keep(segments[4]);
        Assert.Equal([true, false, false, true, true], Enumerable.Range(0, 5).Select(id => cache.Find(id) is not null));
    }

    private static Segment Decoded(long id, IReadOnlyList<ArchivedPayload> payloads)
    {
        var stored = Segment.Encode(payloads);
        return Segment.Decode(id, Segment.ChecksumOf(stored), stored, -1);
    }

    private static void AssertSame(ArchivedPayload payload, Segment segment)
    {
        var (data, metadata) = segment.Find(payload.Position)!.Value;
        Assert.Equal(payload.Data.ToArray(), data.ToArray());
        Assert.Equal(payload.Metadata.ToArray(), metadata.ToArray());
    }
}
