using System.Text.Json.Nodes;
using Bank.StreamStore.Archiving;
using Bank.StreamStore.Streams;
using CsCheck;

namespace Bank.StreamStore.Tests;

/// <summary>Random appends, deletions, limits and archiving beside the same, without archiving, in a store in memory.</summary>
public abstract class ArchiveModelBehaviour(StoreFixture fixture) : StoreBehaviour(fixture)
{
    private static readonly Gen<Step> s_step = Gen.Frequency(
        (6, Gen.Select(Gen.Int[0, 2], Gen.Int[1, 9].Array[1, 4], (stream, ids) => (Step)new Step.Append(stream, [.. ids.Distinct()]))),
        (2, Gen.Select(Gen.Int[0, 2], Gen.Int[1, 9], (stream, id) => (Step)new Step.DeleteMessage(stream, id))),
        (1, Gen.Int[0, 2].Select(stream => (Step)new Step.DeleteStream(stream))),
        (1, Gen.Select(Gen.Int[0, 2], Gen.Int[0, 3], Gen.Int[0, 400], (stream, maxCount, maxAge) => (Step)new Step.Limit(stream, maxCount, maxAge))),
        (3, Gen.Int[0, 200].Select(age => (Step)new Step.Archive(age))));

    private abstract record Step
    {
        public sealed record Append(int Stream, int[] Ids) : Step;

        public sealed record DeleteMessage(int Stream, int Id) : Step;

        public sealed record DeleteStream(int Stream) : Step;

        public sealed record Limit(int Stream, int MaxCount, int MaxAge) : Step;

        public sealed record Archive(int Age) : Step;
    }

    [SkippableFact]
    public async Task Whatever_is_archived_and_when_everything_reads_as_if_it_were_not()
    {
        var archived = 0;
        await Gen.Select(s_step.Array[1, 25], Gen.Int[1, 9], Gen.Bool).SampleAsync(async (steps, pageSize, prefetch) =>
        {
            await Fixture.Reset();
            using var store = await Open();
            using var model = new InMemoryStreamStore(() => Now);
            foreach (var step in steps)
            {
                Now += TimeSpan.FromSeconds(20);
                if (step is Step.Archive(var age)) archived += await Archive(store, Now.AddSeconds(-age));
                else Assert.Equal(await Take(model, step), await Take(store, step));
            }

            Assert.Equal(await Shown(model, pageSize, prefetch), await Shown(store, pageSize, prefetch));
        }, iter: 40, threads: 1);
        Assert.True(archived > 0, "Nothing was archived, so nothing was tried.");
    }

    private static async Task<int> Archive(IStreamStore store, DateTime before)
    {
        var archived = 0;
        await foreach (var segment in ((IStreamArchive)store).Archive(before)) archived += segment.Messages;
        return archived;
    }

    /// <returns>What the store said.</returns>
    private static async Task<string> Take(IStreamStore store, Step step)
    {
        try
        {
            switch (step)
            {
                case Step.Append(var stream, var ids):
                    var result = await store.AppendToStream($"s{stream}", ExpectedVersion.Any, [.. ids.Select(Message)]);
                    return $"{result.CurrentVersion}";
                case Step.DeleteMessage(var stream, var id):
                    await store.DeleteMessage($"s{stream}", Id(id));
                    return "";
                case Step.DeleteStream(var stream):
                    await store.DeleteStream($"s{stream}");
                    return "";
                case Step.Limit(var stream, var maxCount, var maxAge):
                    await store.SetStreamMetadata($"s{stream}", maxAge: maxAge, maxCount: maxCount);
                    return "";
                default:
                    throw new InvalidOperationException($"Unknown step {step}");
            }
        }
        catch (WrongExpectedVersionException)
        {
            return "refused";
        }
    }

    private static NewStreamMessage Message(int id) => new(Id(id), "type", $$"""{"number":{{id}}}""", id % 2 == 0 ? $$"""{"id":{{id}}}""" : null);

    /// <summary>What readers see. Positions, pages and the store's own streams are left out: what is too old is deleted, and noted, at any time.</summary>
    private static async Task<List<string>> Shown(IStreamStore store, int pageSize, bool prefetch)
    {
        var shown = new List<string>();
        for (var page = await store.ReadAllForwards(0, pageSize, prefetch); ; page = await page.ReadNext())
        {
            await Show(page.Messages);
            if (page.IsEnd) break;
        }

        for (var stream = 0; stream < 3; stream++)
        {
            var page = await store.ReadStreamBackwards($"s{stream}", StreamVersion.End, pageSize, prefetch);
            shown.Add($"{page.Status} {page.LastStreamVersion}");
            for (; ; page = await page.ReadNext())
            {
                await Show(page.Messages);
                if (page.IsEnd) break;
            }
        }

        return shown;

        async Task Show(StreamMessage[] messages)
        {
            foreach (var message in messages.Where(message => message.StreamId[0] != '$'))
            {
                shown.Add(
                    $"{message.StreamId} {message.StreamVersion} {message.MessageId} {message.CreatedUtc:O} {Normal(message.JsonMetadata)} {Normal(await message.GetJsonData() ?? "null")}");
            }
        }
    }

    private static string Normal(string json) => json.Length == 0 ? "" : JsonNode.Parse(json)?.ToJsonString() ?? "null";
}
