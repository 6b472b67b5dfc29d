using System.Collections.Concurrent;
using Bank.StreamStore.Infrastructure;
using Bank.StreamStore.Sql;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Tests;

/// <summary>What is deleted in the background is not forgotten, whatever happens meanwhile.</summary>
public sealed class BackgroundDeletionTests
{
    private static readonly DateTime s_now = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    [Fact]
    public async Task A_stream_that_grows_beyond_its_limit_while_it_is_cut_is_cut_again()
    {
        using var over = new CancellationTokenSource();
        var begun = 0;
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var scavenger = new Scavenger(
            async (_, _) =>
            {
                if (Interlocked.Increment(ref begun) == 1) await goOn.Task;
            },
            over.Token);
        scavenger.Enqueue("a");
        await Until(() => Volatile.Read(ref begun) == 1, "the first cut");
        scavenger.Enqueue("a");
        scavenger.Enqueue("a");
        goOn.SetResult();
        await Until(() => Volatile.Read(ref begun) == 2, "the second cut");
        scavenger.Enqueue("b");
        await Until(() => Volatile.Read(ref begun) == 3, "the cut of another stream");
        await over.CancelAsync();
    }

    [Fact]
    public async Task Messages_whose_deletion_failed_are_deleted_when_they_are_found_again_and_not_twice_at_once()
    {
        using var over = new CancellationTokenSource();
        var attempts = new ConcurrentQueue<int>();
        var expired = new ExpiredMessages(
            () => s_now,
            (_, messages, _) =>
            {
                attempts.Enqueue(messages.Count);
                return attempts.Count == 1 ? throw new TimeoutException() : Task.CompletedTask;
            },
            over.Token);
        List<StreamMessage> rows = [new("a", Guid.NewGuid(), 0, 0, s_now.AddSeconds(-60), "t", "", "{}", maxAge: 60), new("a", Guid.NewGuid(), 1, 1, s_now, "t", "", "{}", maxAge: 60)];
        await Until(() =>
        {
            Assert.Equal(1, Assert.Single(expired.Alive(rows, 2)).StreamVersion);
            // Another one may have begun by then.
            return attempts.Count >= 2;
        }, "the second attempt");
        Assert.All(attempts, count => Assert.Equal(1, count));
        await over.CancelAsync();
    }

    private static async Task Until(Func<bool> condition, string what)
    {
        var deadline = DateTime.UtcNow.AddSeconds(60);
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < deadline, "Never happened: " + what);
            await Task.Delay(10);
        }
    }
}
