using Bank.ServiceBus.Metrics;
using CsCheck;

namespace Bank.ServiceBus.ServicePlatform.Tests;

public sealed class RawDataFormatTests
{
    private const long Base = 639215468831234560;

    [Fact]
    public void A_report_is_written_byte_for_byte_as_the_protocol_says()
    {
        var report = Assert.Single(RawDataFormat.Write(
        [
            new RawEntry(Base + 2, 300, "é"), new RawEntry(Base, 250, "A"), new RawEntry(Base + 0x01020304, -1, "A"), new RawEntry(Base + 1, 7, ""),
        ]));
        Assert.Equal(
            "0100000000000000" // version
            + "00DA9E0A15F3DE08" // base time: the earliest
            + "03000000" // tags, each with key, length and text
            + "01000000" + "01000000" + "41"
            + "02000000" + "00000000"
            + "03000000" + "02000000" + "C3A9"
            + "04000000" // entries by time, each with offset, key and value
            + "00000000" + "01000000" + "FA00000000000000"
            + "01000000" + "02000000" + "0700000000000000"
            + "02000000" + "03000000" + "2C01000000000000"
            + "04030201" + "01000000" + "FFFFFFFFFFFFFFFF",
            Convert.ToHexString(report));
    }

    [Fact]
    public void Nothing_measured_is_nothing_to_report() => Assert.Empty(RawDataFormat.Write([]));

    [Fact]
    public void Values_too_far_apart_for_one_report_are_told_in_several()
    {
        var reports = RawDataFormat.Write([new RawEntry(Base, 1, "a"), new RawEntry(Base + int.MaxValue, 2, "b"), new RawEntry(Base + int.MaxValue + 1L, 3, "c")])
            .Select(RawReport.Read).ToArray();
        Assert.Equal([[(Base, 1, "a"), (Base + int.MaxValue, 2, "b")], [(Base + int.MaxValue + 1L, 3, "c")]], reports);
    }

    [Fact]
    public void Many_values_are_told_in_several_reports()
    {
        var entries = Enumerable.Range(0, 4097).Select(index => new RawEntry(Base + index, index, "t")).ToArray();
        var reports = RawDataFormat.Write(entries).Select(RawReport.Read).ToArray();
        Assert.Equal([2048, 2048, 1], reports.Select(report => report.Length));
        Assert.Equal(entries.Select(entry => entry.Ticks), reports.SelectMany(report => report).Select(entry => entry.Ticks));
    }

    [Fact]
    public void Whatever_is_written_is_read_back_by_time() =>
        Gen.Select(Gen.Long[Base, Base + 20_000_000_000], Gen.Long, Gen.String).Select((ticks, value, tag) => new RawEntry(ticks, value, WellFormed(tag))).Array[0, 60]
            .Sample(entries =>
            {
                var read = RawDataFormat.Write([.. entries]).SelectMany(RawReport.Read).ToArray();
                Assert.Equal(read.Select(entry => entry.Ticks).Order(), read.Select(entry => entry.Ticks));
                Assert.Equal(entries.Select(entry => (entry.Ticks, entry.Value, entry.Tag)).Order(), read.Order());
            });

    [Fact]
    public void A_full_buffer_leaves_out_what_comes_after()
    {
        var buffer = new RingBuffer();
        for (var round = 0; round < 2; round++)
        {
            for (var index = 0; index < RingBuffer.Capacity + 3; index++) buffer.Add(new RawEntry(index, index, "t"));
            var (entries, dropped) = buffer.Drain();
            Assert.Equal(Enumerable.Range(0, RingBuffer.Capacity).Select(index => (long)index), entries.Select(entry => entry.Ticks));
            Assert.Equal(3, dropped);
        }

        buffer.Add(new RawEntry(9, 9, "t"));
        var last = buffer.Drain();
        Assert.Equal(new RawEntry(9, 9, "t"), Assert.Single(last.Entries));
        Assert.Equal(0, last.Dropped);
    }

    // A lone surrogate has no UTF-8 form.
    private static string WellFormed(string text) => string.Concat(text.Where(letter => !char.IsSurrogate(letter)));
}
