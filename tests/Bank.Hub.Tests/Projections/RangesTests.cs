using Bank.Hub.Projections;
using CsCheck;

namespace Bank.Hub.Tests.Projections;

public sealed class RangesTests
{
    private static readonly Gen<(int From, int To)[]> Stretches =
        Gen.Select(Gen.Int[0, 60], Gen.Int[-1, 9], (from, length) => (From: from, To: from + length)).Array[0, 20];

    [Fact]
    public void It_holds_what_was_added_in_whatever_order_and_however_often() =>
        Gen.Select(Stretches, Gen.Int).Sample((stretches, seed) =>
        {
            var expected = stretches.SelectMany(Numbers).ToHashSet();
            var shuffled = stretches.Concat(stretches).ToArray();
            new Random(seed).Shuffle(shuffled);
            var ranges = Of(shuffled);
            Assert.Equal(Of(stretches).ToString(), ranges.ToString());
            Assert.Equal(expected.Count, ranges.Count);
            Assert.Equal(expected.Count == 0 ? 0 : expected.Max() + 1 - expected.Count, ranges.Missing);
            for (var from = 0; from < 75; from += 3)
            {
                for (var to = from - 1; to < 75; to += 4) Assert.Equal(Numbers((from, to)).All(expected.Contains), ranges.Covers(from, to));
            }
        });

    [Fact]
    public void Its_text_says_it_all() =>
        Stretches.Sample(stretches =>
        {
            var ranges = Of(stretches);
            Assert.Equal(ranges.ToString(), Ranges.Parse(ranges.ToString()).ToString());
            Assert.Equal(ranges.Count, Ranges.Parse(ranges.ToString()).Count);
        });

    [Fact]
    public void Its_text_is_as_short_as_can_be()
    {
        Assert.Equal("", new Ranges().ToString());
        Assert.Equal("0-3,5,7-8", Of([(7, 8), (0, 1), (2, 3), (5, 5)]).ToString());
    }

    private static Ranges Of(IEnumerable<(int From, int To)> stretches)
    {
        var ranges = new Ranges();
        foreach (var (from, to) in stretches) ranges.Add(from, to);
        return ranges;
    }

    private static IEnumerable<int> Numbers((int From, int To) stretch) => Enumerable.Range(stretch.From, stretch.To - stretch.From + 1);
}
