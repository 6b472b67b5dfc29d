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
        new(stream, ExpectedVersion.Any, [new NewStreamMessage(id ?? Guid.NewGuid(), "type", "{}")], cancellationToken);

    private static ValueTask Nothing() => default;
}
