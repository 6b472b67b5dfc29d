using System.Collections.Concurrent;
using Bank.StreamStore.Sql;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Tests;

/// <summary>How groups are written while the one before them is under way, whatever the database.</summary>
public sealed class AppendQueueAheadTests
{
    private readonly TaskCompletionSource alone = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<bool>> gates = [];
    private readonly List<string> begun = [];
    private readonly Ahead writer = new();

    [Fact]
    public async Task Beside_a_group_ahead_another_begins_when_as_many_wait_as_are_worth_it()
    {
        using var queue = Queue();
        var appends = await UnderWay(queue);
        appends = [.. appends, .. Append(queue, "c")];
        Assert.Equal(["alone z", "ahead a b"], Begun());
        appends = [.. appends, .. Append(queue, "d")];
        await Begun("ahead c d");
        // A third group does not begin beside the two.
        appends = [.. appends, .. Append(queue, "efghij")];
        Assert.Equal(["alone z", "ahead a b", "ahead c d"], Begun());
        writer.IsLikely = false;
        End("ahead a b", true);
        End("ahead c d", true);
        await AllOf(appends);
        Assert.Equal(["alone z", "ahead a b", "ahead c d", "alone e f g h i j"], Begun());
    }

    [Fact]
    public async Task Beside_a_group_that_is_alone_none_begins()
    {
        using var queue = Queue();
        var appends = Append(queue, "abcdefgh");
        Assert.Equal(["alone a"], Begun());
        alone.SetResult();
        await Begun("ahead b c d");
        await Begun("ahead e f g");
        writer.IsLikely = false;
        End("ahead b c d", true);
        End("ahead e f g", true);
        await AllOf(appends);
    }

    [Fact]
    public async Task The_groups_of_two_lanes_are_of_a_size()
    {
        using var queue = Queue();
        var appends = await UnderWay(queue);
        writer.IsLikely = false;
        appends = [.. appends, .. Append(queue, "cdefghi")];
        writer.IsLikely = true;
        appends = [.. appends, .. Append(queue, "j")];
        // Two under way and eight that wait.
        await Begun("ahead c d e f g");
        writer.IsLikely = false;
        End("ahead a b", true);
        End("ahead c d e f g", true);
        await AllOf(appends);
    }

    [Fact]
    public async Task What_could_not_be_written_ahead_is_written_when_nothing_else_is_under_way()
    {
        using var queue = Queue();
        var appends = await UnderWay(queue);
        appends = [.. appends, .. Append(queue, "cd")];
        await Begun("ahead c d");
        End("ahead c d", false);
        await Until(() => writer.Ended == 1);
        writer.IsLikely = false;
        appends = [.. appends, .. Append(queue, "e")];
        Assert.Equal(["alone z", "ahead a b", "ahead c d"], Begun());
        End("ahead a b", true);
        await AllOf(appends);
        Assert.Equal(["alone z", "ahead a b", "ahead c d", "alone c d", "alone e"], Begun());
    }

    [Fact]
    public async Task Of_groups_that_were_refused_the_oldest_comes_first()
    {
        using var queue = Queue();
        var appends = await UnderWay(queue);
        appends = [.. appends, .. Append(queue, "cd")];
        await Begun("ahead c d");
        // Shares a stream with the older of the two.
        appends = [.. appends, .. Append(queue, "be")];
        writer.IsLikely = false;
        End("ahead c d", false);
        await Until(() => writer.Ended == 1);
        End("ahead a b", false);
        await AllOf(appends);
        Assert.Equal(["alone a b", "alone c d", "alone b e"], Begun()[3..]);
    }

    [Fact]
    public async Task A_stream_that_is_under_way_does_not_go_ahead()
    {
        using var queue = Queue();
        var appends = await UnderWay(queue);
        var asked = writer.Asked;
        appends = [.. appends, .. Append(queue, "ca")];
        // By the two who came to wait, and by the second lane.
        await Until(() => writer.Asked == asked + 3);
        End("ahead a b", true);
        await AllOf(appends);
        Assert.Equal(["alone z", "ahead a b", "alone c a"], Begun());
    }

    [Fact]
    public async Task A_repetition_that_a_lane_held_back_is_written_by_the_other()
    {
        var id = Guid.NewGuid();
        using var queue = Queue();
        var appends = await UnderWay(queue);
        writer.IsLikely = false;
        PendingAppend[] pending = [Pending("c"), Pending("d", id), Pending("d", id), .. "efgh".Select(name => Pending($"{name}"))];
        appends = [.. appends, .. pending.Select(append => queue.Append(append, default))];
        writer.IsLikely = true;
        appends = [.. appends, .. Append(queue, "i")];
        await Begun("ahead c d");
        writer.IsLikely = false;
        End("ahead c d", true);
        await Until(() => writer.Ended == 1);
        End("ahead a b", true);
        await AllOf(appends);
        // The repetition is older than the rest.
        Assert.Equal(["alone z", "ahead a b", "ahead c d", "alone d", "alone e f g h i"], Begun());
    }

    [Fact]
    public async Task What_nobody_knows_of_is_written_again_alone()
    {
        using var queue = Queue();
        var appends = await UnderWay(queue);
        Lose("ahead a b");
        await AllOf(appends);
        Assert.Equal(["alone z", "ahead a b", "alone a b"], Begun());
    }

    [Fact]
    public async Task At_the_end_it_is_told_what_is_known_and_the_end_comes_after_both_lanes()
    {
        var over = new TaskCompletionSource();
        var ended = 0;
        var queue = Queue(() =>
        {
            Interlocked.Increment(ref ended);
            over.TrySetResult();
            return default;
        });
        var appends = await UnderWay(queue);
        appends = [.. appends, .. Append(queue, "cd")];
        await Begun("ahead c d");
        appends = [.. appends, .. Append(queue, "e")];
        queue.Dispose();
        End("ahead a b", false);
        await Until(() => writer.Ended == 1);
        Assert.Equal(0, ended);
        Lose("ahead c d");
        // The last two may have been written; the others were not, and will not be.
        foreach (var name in "abe") await Assert.ThrowsAsync<ObjectDisposedException>(() => appends["zabcde".IndexOf(name, StringComparison.Ordinal)]);
        foreach (var name in "cd") await Assert.ThrowsAsync<TimeoutException>(() => appends["zabcde".IndexOf(name, StringComparison.Ordinal)]);
        await over.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(1, ended);
    }

    [Fact]
    public async Task Everything_is_written_once_whatever_becomes_of_groups_ahead()
    {
        const int Writers = 48;
        const int Appends = 400;
        var (written, aheads, active, aloneActive) = (0, 0, 0, 0);
        var streams = new ConcurrentDictionary<string, bool>();
        var faults = new ConcurrentQueue<string>();
        var random = new Random(7);
        var stress = new Ahead { Write = group => Write(group, isAhead: true) };
        using var queue = new AppendQueue(group => Write(group, isAhead: false), () => default, stress);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            // Some give up at once, some wait for each other's streams.
            for (var number = 0; number < Appends; number++) await queue.Append(Pending($"stream-{(number % 50 == 0 ? 0 : writer)}"), default);
        }))).WaitAsync(TimeSpan.FromSeconds(120));
        Assert.Empty(faults);
        Assert.Equal(Writers * Appends, written);
        Assert.True(aheads > 10, $"{aheads} groups were written ahead.");

        async Task<bool> Write(IReadOnlyList<PendingAppend> group, bool isAhead)
        {
            if (Interlocked.Increment(ref active) > (isAhead ? 2 : 1)) faults.Enqueue($"{active} are active, ahead: {isAhead}");
            if (!isAhead && Interlocked.Increment(ref aloneActive) > 1) faults.Enqueue("two are alone");
            var own = group.Select(append => append.Stream.Value).Distinct().ToArray();
            foreach (var stream in own)
            {
                if (!streams.TryAdd(stream, true)) faults.Enqueue($"{stream} is under way twice");
            }

            await Task.Yield();
            int dice;
            lock (random) dice = isAhead ? random.Next(10) : 9;
            if (dice > 1)
            {
                Interlocked.Add(ref written, group.Count);
                if (isAhead) Interlocked.Increment(ref aheads);
            }

            foreach (var stream in own) streams.TryRemove(stream, out _);
            if (!isAhead) Interlocked.Decrement(ref aloneActive);
            Interlocked.Decrement(ref active);
            if (dice == 0) throw new TimeoutException("lost");
            if (dice == 1) return false;
            Settle(group);
            return true;
        }
    }

    private AppendQueue Queue(Func<ValueTask>? ended = null)
    {
        writer.Write = async group =>
        {
            if (!await Gate(Begin("ahead", group)).Task) return false;
            Settle(group);
            return true;
        };
        return new AppendQueue(
            async group =>
            {
                Begin("alone", group);
                await alone.Task;
                Settle(group);
            },
            ended ?? (() => default), writer);
    }

    /// <summary>Has one append written alone, and then two ahead, which are under way.</summary>
    private async Task<Task[]> UnderWay(AppendQueue queue)
    {
        var appends = Append(queue, "zab");
        Assert.Equal(["alone z"], Begun());
        alone.SetResult();
        await Begun("ahead a b");
        return appends;
    }

    private static Task[] Append(AppendQueue queue, string streams) => [.. streams.Select(name => queue.Append(Pending($"{name}"), default))];

    private TaskCompletionSource<bool> Gate(string group) => gates.GetOrAdd(group, _ => new TaskCompletionSource<bool>());

    private void End(string group, bool isWritten) => Gate(group).SetResult(isWritten);

    private void Lose(string group) => Gate(group).SetException(new TimeoutException("lost"));

    private string Begin(string how, IEnumerable<PendingAppend> group)
    {
        var told = $"{how} {string.Join(' ', group.Select(append => append.Stream.Value))}";
        lock (begun) begun.Add(told);
        return told;
    }

    private string[] Begun()
    {
        lock (begun) return [.. begun];
    }

    private Task Begun(string group) => Until(() => Begun().Contains(group));

    private async Task Until(Func<bool> condition)
    {
        var deadline = DateTime.UtcNow.AddSeconds(60);
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < deadline, $"It never came to that, but to: {string.Join("; ", Begun())}");
            await Task.Delay(5);
        }
    }

    /// <summary>One that was forgotten fails the test.</summary>
    private static Task AllOf(Task[] appends) => Task.WhenAll(appends).WaitAsync(TimeSpan.FromSeconds(30));

    private static void Settle(IEnumerable<PendingAppend> group)
    {
        foreach (var append in group) append.Settle(new AppendOutcome(new AppendResult(0, 0)));
    }

    private static PendingAppend Pending(string stream, Guid? id = null) =>
        new(stream, "", ExpectedVersion.Any, [new NewStreamMessage(id ?? Guid.NewGuid(), "type", "{}")], default);

    private sealed class Ahead : IWritesAhead
    {
        private int ended;
        private int asked;

        public Func<IReadOnlyList<PendingAppend>, Task<bool>> Write { get; set; } = _ => Task.FromResult(false);

        public int Ended => Volatile.Read(ref ended);

        public int FewestAppends => 2;

        public int Asked => Volatile.Read(ref asked);

        public bool IsLikely
        {
            get
            {
                Interlocked.Increment(ref asked);
                return field;
            }
            set;
        } = true;

        public async Task<bool> TryWrite(IReadOnlyList<PendingAppend> group)
        {
            try
            {
                return await Write(group);
            }
            finally
            {
                Interlocked.Increment(ref ended);
            }
        }
    }
}
