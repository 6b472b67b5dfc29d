using Bank.StreamStore.Streams;
using CsCheck;

namespace Bank.StreamStore.Tests;

/// <summary>Random appends, deletions and limits against a model that is a list per stream.</summary>
public abstract class ModelBehaviour(StoreFixture fixture) : StoreBehaviour(fixture)
{
    private static readonly Gen<Step> s_append = Gen.Select(Gen.Int[-3, 6], Gen.Int[1, 6].Array[0, 4], (expected, ids) => (Step)new Step.Append(expected, ids));
    private static readonly Gen<Step> s_deleteMessage = Gen.Int[1, 6].Select(id => (Step)new Step.DeleteMessage(id));
    private static readonly Gen<Step> s_deleteStream = Gen.Int[-3, 6].Select(expected => (Step)new Step.DeleteStream(expected));
    private static readonly Gen<Step> s_limit = Gen.Int[0, 4].Select(maxCount => (Step)new Step.Limit(maxCount));
    private static readonly Gen<Step> s_step = Gen.Frequency((6, s_append), (2, s_deleteMessage), (1, s_deleteStream), (2, s_limit));

    private static readonly Gen<(int Pause, int Count)> s_aging = Gen.Select(Gen.Int[0, 20], Gen.Int[0, 3]);

    /// <summary>Something done to a stream.</summary>
    public abstract record Step
    {
        public sealed record Append(int Expected, int[] Ids) : Step;

        public sealed record DeleteMessage(int Id) : Step;

        public sealed record DeleteStream(int Expected) : Step;

        public sealed record Limit(int MaxCount) : Step;
    }

    [SkippableFact]
    public async Task Any_sequence_of_appends_leaves_what_the_model_says()
    {
        var run = 0;
        await Gen.Select(Gen.Int[0, 2], s_append).Array[1, 12].SampleAsync(async steps => await Agrees($"a{run++}-", steps), iter: 60, threads: 1);
    }

    [SkippableFact]
    public async Task Any_sequence_of_appends_deletions_and_limits_leaves_what_the_model_says()
    {
        var run = 0;
        await Gen.Select(Gen.Int[0, 1], s_step).Array[1, 25].SampleAsync(async steps => await Agrees($"b{run++}-", steps), iter: 60, threads: 1);
    }

    [SkippableFact]
    public async Task Whatever_the_age_of_messages_and_the_pages_only_those_that_are_not_too_old_are_read()
    {
        var run = 0;
        await Gen.Select(s_aging.Array[1, 8], Gen.Int[0, 60], Gen.Int[1, 4])
            .SampleAsync(async (steps, maxAge, pageSize) => await AgesWell($"c{run++}", steps, maxAge, pageSize), iter: 40, threads: 1);
    }

    private async Task Agrees(string prefix, (int Stream, Step Step)[] steps)
    {
        var model = new Dictionary<string, ModelledStream>();
        // Every deletion is noted, so the newest message is always there.
        var head = await Store.ReadHeadPosition();
        foreach (var (number, step) in steps)
        {
            var name = prefix + number;
            if (!model.TryGetValue(name, out var stream)) model.Add(name, stream = new ModelledStream());
            head += await Take(name, stream, step, head);
            Assert.Equal(head, await Store.ReadHeadPosition());
            await AssertHolds(name, stream);
        }
    }

    /// <returns>How many positions were given out.</returns>
    private async Task<int> Take(string name, ModelledStream stream, Step step, long head)
    {
        switch (step)
        {
            case Step.Append(var expected, var ids):
                var outcome = stream.Append(expected, ids);
                var result = await Outcome(() => Store.AppendToStream(name, expected, Messages(ids)), outcome is not null, step);
                if (outcome is not var (written, removed)) return 0;
                if (ids.Length > 0 || expected < 0) Assert.Equal(stream.Version, result!.CurrentVersion);
                if (written > 0) Assert.Equal(head + written, result!.CurrentPosition);
                return written + removed;
            case Step.DeleteStream(var expected):
                var notes = stream.Delete(expected);
                await Outcome(() => Nothing(Store.DeleteStream(name, expected)), notes is not null, step);
                return notes ?? 0;
            case Step.DeleteMessage(var id):
                await Store.DeleteMessage(name, Id(id));
                return stream.DeleteMessage(id);
            case Step.Limit(var maxCount):
                await Store.SetStreamMetadata(name, maxCount: maxCount);
                return stream.Limit(maxCount);
            default:
                throw new InvalidOperationException($"Unknown step {step}");
        }
    }

    private static async Task<T?> Outcome<T>(Func<Task<T>> call, bool isAllowed, Step step)
        where T : class
    {
        try
        {
            var result = await call();
            Assert.True(isAllowed, $"{step} was accepted");
            return result;
        }
        catch (WrongExpectedVersionException)
        {
            Assert.False(isAllowed, $"{step} was refused");
            return null;
        }
    }

    private static async Task<object> Nothing(Task task)
    {
        await task;
        return task;
    }

    private async Task AssertHolds(string name, ModelledStream stream)
    {
        var page = await Store.ReadStreamForwards(name, 0, 1000);
        Assert.Equal(stream.Exists ? PageReadStatus.Success : PageReadStatus.StreamNotFound, page.Status);
        Assert.Equal(stream.Ids.Select(Id), page.Messages.Select(m => m.MessageId));
        Assert.Equal(stream.Version, page.LastStreamVersion);
        Assert.Equal(stream.Ids.Reverse().Select(Id), (await Store.ReadStreamBackwards(name, StreamVersion.End, 1000)).Messages.Select(m => m.MessageId));
    }

    private async Task AgesWell(string name, (int Pause, int Count)[] steps, int maxAge, int pageSize)
    {
        await Store.SetStreamMetadata(name, maxAge: maxAge);
        var stored = new List<DateTime>();
        foreach (var (pause, count) in steps)
        {
            Now += TimeSpan.FromSeconds(pause);
            await Store.AppendToStream(name, ExpectedVersion.Any, Messages([.. Enumerable.Range(stored.Count + 1, count)]));
            stored.AddRange(Enumerable.Repeat(Now, count));
        }

        var read = new List<int>();
        for (var page = await Store.ReadStreamForwards(name, 0, pageSize); ; page = await page.ReadNext())
        {
            read.AddRange(page.Messages.Select(m => m.StreamVersion));
            if (page.IsEnd) break;
        }

        var alive = Enumerable.Range(0, stored.Count).Where(version => maxAge == 0 || stored[version].AddSeconds(maxAge) > Now);
        Assert.Equal(alive, read);
    }
}
