using Bank.StreamStore.Streams;
using CsCheck;

namespace Bank.StreamStore.Tests;

/// <summary>Random appends against a model that is a list per stream.</summary>
public abstract class ModelBehaviour(StoreFixture fixture) : StoreBehaviour(fixture)
{
    private static readonly Gen<(int Stream, int Expected, int[] Ids)> s_append = Gen.Select(Gen.Int[0, 2], Gen.Int[-3, 6], Gen.Int[1, 6].Array[0, 4]);

    [SkippableFact]
    public async Task Any_sequence_of_appends_leaves_what_the_model_says()
    {
        var run = 0;
        await s_append.Array[1, 12].SampleAsync(async appends => await Agrees($"{run++}-", appends), iter: 60, threads: 1);
    }

    private async Task Agrees(string prefix, (int Stream, int Expected, int[] Ids)[] appends)
    {
        var model = new Dictionary<string, List<int>>();
        foreach (var (stream, expected, ids) in appends)
        {
            var name = prefix + stream;
            var held = model.GetValueOrDefault(name);
            var allowed = Allows(held, expected, ids);
            var head = await Store.ReadHeadPosition();
            try
            {
                var result = await Store.AppendToStream(name, expected, Messages(ids));
                Assert.True(allowed is not null, $"{expected} [{string.Join(',', ids)}] on [{string.Join(',', held ?? [])}] was accepted");
                if (ids.Length == 0 && expected >= 0) continue;
                held = model[name] = held ?? [];
                held.AddRange(allowed);
                Assert.Equal(held.Count - 1, result.CurrentVersion);
                Assert.Equal(head + allowed.Length, await Store.ReadHeadPosition());
            }
            catch (WrongExpectedVersionException)
            {
                Assert.True(allowed is null, $"{expected} [{string.Join(',', ids)}] on [{string.Join(',', held ?? [])}] was refused");
            }
        }

        foreach (var (name, held) in model)
        {
            var page = await Store.ReadStreamForwards(name, 0, 1000);
            Assert.Equal(held.Select(Id), page.Messages.Select(m => m.MessageId));
        }
    }

    /// <summary>What an append adds: nothing for a repetition, null when it is refused.</summary>
    private static int[]? Allows(List<int>? held, int expected, int[] ids)
    {
        if (ids.Length == 0 && expected >= 0) return [];
        if (held is null) return expected is ExpectedVersion.NoStream or ExpectedVersion.Any && ids.Distinct().Count() == ids.Length ? ids : null;
        if (ids.Length == 0) return [];
        var place = expected switch
        {
            ExpectedVersion.NoStream or ExpectedVersion.EmptyStream => 0,
            ExpectedVersion.Any => held.IndexOf(ids[0]) is var found and >= 0 ? found : held.Count,
            _ => expected + 1,
        };
        if (place < held.Count) return held.Skip(place).Take(ids.Length).SequenceEqual(ids) ? [] : null;
        var isNew = ids.Distinct().Count() == ids.Length && !ids.Any(held.Contains);
        return place == held.Count && expected != ExpectedVersion.NoStream && isNew ? ids : null;
    }
}
