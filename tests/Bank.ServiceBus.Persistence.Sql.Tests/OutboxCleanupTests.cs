using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Bank.ServiceBus.Persistence.Sql.Tests;

/// <summary>The removal of old records goes on whatever happens, until the endpoint stops.</summary>
public sealed class OutboxCleanupTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 1, 8, 0, 0, 0, TimeSpan.Zero));
    private readonly ConcurrentQueue<int> alarms = new();
    private int rounds;

    [Fact]
    public async Task A_cancellation_by_anybody_but_the_stop_of_the_endpoint_does_not_end_it()
    {
        var cleanup = Start((_, _) => rounds < 3 ? Task.FromException(new TaskCanceledException("The driver gave up.")) : Task.CompletedTask);
        await Until(() => rounds >= 4);
        await cleanup.Stop();
        Assert.Empty(alarms);
    }

    [Fact]
    public async Task Every_tenth_failure_in_a_row_is_a_critical_error()
    {
        var cleanup = Start((_, _) => rounds == 5 ? Task.CompletedTask : Task.FromException(new SqliteException("The database is away.", 14)));
        await Until(() => rounds >= 26);
        await cleanup.Stop();
        Assert.Equal([15, 25], alarms.Take(2));
    }

    [Fact]
    public async Task What_the_driver_throws_when_the_stop_cuts_it_off_fails_nothing_and_is_no_critical_error()
    {
        var tenth = new TaskCompletionSource();
        var log = new Lines();
        var cleanup = Start(
            async (_, token) =>
            {
                if (rounds < 10) throw new SqliteException("The database is away.", 14);
                tenth.SetResult();
                await Task.Delay(Timeout.Infinite, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw new SqliteException("Operation cancelled by user.", 9);
            },
            log);
        await Until(() => tenth.Task.IsCompleted);
        await cleanup.Stop();
        Assert.Empty(alarms);
        Assert.Equal(9, log.Count);
    }

    private OutboxCleanup Start(Func<DateTimeOffset, CancellationToken, Task> remove, ILogger? logger = null)
    {
        var cleanup = new OutboxCleanup(
            (before, token) =>
            {
                Interlocked.Increment(ref rounds);
                return remove(before, token);
            },
            TimeSpan.FromDays(7), Minute, clock, logger ?? NullLogger.Instance, (_, _, _) => alarms.Enqueue(rounds));
        cleanup.Start();
        return cleanup;
    }

    private async Task Until(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (!condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"Waited in vain; {rounds} rounds.");
            clock.Advance(Minute);
            await Task.Delay(5);
        }
    }

    private sealed class Lines : ILogger
    {
        private int count;

        public int Count => count;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Interlocked.Increment(ref count);
    }
}
