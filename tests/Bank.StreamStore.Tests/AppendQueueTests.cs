using Bank.StreamStore.Sql;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Tests;

/// <summary>How appends travel together, whatever the database.</summary>
public sealed class AppendQueueTests
{
    private readonly List<int> groups = [];

    [Fact]
    public async Task Whoever_gives_up_while_waiting_is_not_written_and_whoever_gives_up_later_hears_the_outcome()
    {
        var gate = new TaskCompletionSource();
        using var queue = new AppendQueue(group => Write(group, gate.Task), Nothing);
        using var abort = new CancellationTokenSource();
        var first = queue.Append(Pending("a", abort.Token), abort.Token);
        var second = queue.Append(Pending("b", abort.Token), abort.Token);
        var third = queue.Append(Pending("c", default), default);

        await abort.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.False(first.IsCompleted);
        gate.SetResult();
        await first;
        await third;
        Assert.Equal([1, 1], groups);
    }

    [Fact]
    public async Task What_waits_together_travels_together_and_a_repetition_comes_after()
    {
        var gate = new TaskCompletionSource();
        using var queue = new AppendQueue(group => Write(group, gate.Task), Nothing);
        var id = Guid.NewGuid();
        var first = queue.Append(Pending("a", default), default);
        Task[] others = [.. new[] { Pending("a", default), Pending("b", default, id), Pending("c", default), Pending("b", default, id), Pending("d", default) }.Select(append => queue.Append(append, default))];
        gate.SetResult();
        await Task.WhenAll([first, .. others]);
        Assert.Equal([1, 3, 2], groups);
    }

    [Fact]
    public async Task One_that_is_refused_fails_alone()
    {
        var gate = new TaskCompletionSource();
        using var queue = new AppendQueue(async group =>
        {
            await gate.Task;
            if (group.Any(append => append.Stream == "bad")) throw new InvalidOperationException("refused");
            Settle(group);
        }, Nothing);
        var appends = Enumerable.Range(0, 9).Select(number => queue.Append(Pending(number == 5 ? "bad" : $"good-{number}", default), default)).ToArray();
        gate.SetResult();
        await Assert.ThrowsAsync<InvalidOperationException>(() => appends[5]);
        await Task.WhenAll(appends.Where((_, number) => number != 5));
    }

    [Fact]
    public async Task After_the_end_whoever_waits_is_told_and_the_end_comes_once()
    {
        var gate = new TaskCompletionSource();
        var ended = 0;
        var over = new TaskCompletionSource();
        var queue = new AppendQueue(group => Write(group, gate.Task), () =>
        {
            Interlocked.Increment(ref ended);
            over.TrySetResult();
            return default;
        });
        var underWay = queue.Append(Pending("a", default), default);
        var waiting = new[] { queue.Append(Pending("b", default), default), queue.Append(Pending("c", default), default) };
        queue.Dispose();
        gate.SetResult();
        await underWay;
        foreach (var append in waiting) await Assert.ThrowsAsync<ObjectDisposedException>(() => append);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => queue.Append(Pending("d", default), default));
        await over.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(1, ended);
    }

    [Fact]
    public async Task Nobody_is_forgotten_however_many_come_at_once()
    {
        var written = 0;
        using var queue = new AppendQueue(async group =>
        {
            await Task.Yield();
            Interlocked.Add(ref written, group.Count);
            Settle(group);
        }, Nothing);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(writer => Task.Run(async () =>
        {
            for (var number = 0; number < 2000; number++) await queue.Append(Pending($"stream-{writer}", default), default);
        }))).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(32_000, written);
    }

    [Fact]
    public void A_lone_append_waits_for_nobody_and_is_written_by_its_caller()
    {
        using var queue = new AppendQueue(group =>
        {
            groups.Add(Environment.CurrentManagedThreadId);
            Settle(group);
            return Task.CompletedTask;
        }, Nothing);
        for (var number = 0; number < 3; number++) Assert.True(queue.Append(Pending("a", default), default).IsCompletedSuccessfully);
        Assert.Equal(Enumerable.Repeat(Environment.CurrentManagedThreadId, 3), groups);
    }

    [Fact]
    public async Task Whoever_comes_first_is_written_first_and_no_group_carries_more_than_it_may()
    {
        const int Appends = 1000;
        var gate = new TaskCompletionSource();
        var order = new List<string>();
        using var queue = new AppendQueue(async group =>
        {
            order.AddRange(group.Select(append => append.Stream.Value));
            await Write(group, gate.Task);
        }, Nothing);
        var appends = Enumerable.Range(0, Appends).Select(number => queue.Append(Pending($"stream-{number}", default), default)).ToArray();
        gate.SetResult();
        await Task.WhenAll(appends);
        Assert.Equal(Enumerable.Range(0, Appends).Select(number => $"stream-{number}"), order);
        Assert.Equal([1, 256, 256, 256, 231], groups);
    }

    [Fact]
    public async Task A_group_carries_no_more_text_than_it_may_but_one_append_however_long()
    {
        var gate = new TaskCompletionSource();
        using var queue = new AppendQueue(group => Write(group, gate.Task), Nothing);
        var text = $"\"{new string('x', 3 * 1024 * 1024)}\"";
        var appends = Enumerable.Range(0, 7).Select(number => queue.Append(
            new PendingAppend($"stream-{number}", "", ExpectedVersion.Any, [new NewStreamMessage(Guid.NewGuid(), "type", text)], default), default)).ToArray();
        gate.SetResult();
        await Task.WhenAll(appends);
        // The limit of 4 MB is looked at before one more is taken.
        Assert.Equal([1, 2, 2, 2], groups);
    }

    [Fact]
    public async Task The_queue_is_bounded_and_whoever_waits_for_a_place_in_it_may_give_up()
    {
        const int Places = 4096;
        var gate = new TaskCompletionSource();
        using var queue = new AppendQueue(group => Write(group, gate.Task), Nothing);
        using var abort = new CancellationTokenSource();
        var underWay = queue.Append(Pending("under-way", default), default);
        var waiting = Enumerable.Range(0, Places).Select(number => queue.Append(Pending($"stream-{number}", default), default)).ToArray();
        var late = Pending("late", abort.Token);
        var outside = queue.Append(late, abort.Token);
        await abort.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => outside);
        // It never came to wait: nobody has marked it as given up.
        Assert.True(late.TryTake());
        gate.SetResult();
        await Task.WhenAll([underWay, .. waiting]);
        Assert.Equal(1 + Places, groups.Sum());
        await queue.Append(Pending("next", default), default);
    }

    private async Task Write(IReadOnlyList<PendingAppend> group, Task gate)
    {
        groups.Add(group.Count);
        await gate;
        Settle(group);
    }

    private static void Settle(IEnumerable<PendingAppend> group)
    {
        foreach (var append in group) append.Settle(new AppendOutcome(new AppendResult(0, 0)));
    }

    private static PendingAppend Pending(string stream, CancellationToken cancellationToken, Guid? id = null) =>
        new(stream, "", ExpectedVersion.Any, [new NewStreamMessage(id ?? Guid.NewGuid(), "type", "{}")], cancellationToken);

    private static ValueTask Nothing() => default;
}
