using Bank.Hub.Projections;
using Bank.Hub.Tests.Replays;
using Microsoft.Extensions.Time.Testing;

namespace Bank.Hub.Tests.Projections;

/// <summary>What becomes of a replay that was refused, or not answered, while nothing else holds the past; the same on every database.</summary>
public abstract class RefusalBehaviour(ViewDatabase views) : CounterStory(views)
{
    private const string Why = "EventTypes: UnknownType Counted";

    private readonly WatchedClock clock = new();

    [SkippableFact]
    public async Task The_first_replay_is_asked_for_again_when_it_was_refused_and_the_reason_is_shown_until_it_is_accepted()
    {
        var process = await Start(version: 1, clock);
        var replay = await process.Asked();
        await process.Rebuilds.Refused(replay, Why);
        var waiting = await process.Status();
        Assert.Equal(("Filling", "Running", $"Bank.Counters refused the replay: {Why}"), (waiting.State, waiting.Rebuild!.State, waiting.Rebuild.Error));
        await process.Handle(History[19]);

        clock.Advance(ProjectionProcess.FirstPause);
        await ReplayHub.Until(() => process.TimesAsked(replay) == 2, "it is asked for again");
        await process.Rebuilds.Bounded(replay, 18);
        Assert.Null((await process.Status()).Rebuild!.Error);
        await process.Bring(replay, -1, History[..19]);
        await process.UntilFollowing(1);
        await AssertHolds(History, factor: 1);
    }

    [SkippableFact]
    public async Task Two_processes_ask_again_as_one_would_and_wait_each_time_as_long_as_it_has_taken_so_far_but_never_longer_than_five_minutes()
    {
        ProjectionProcess[] processes = [await Start(version: 1, clock), await Start(version: 1, clock)];
        await ReplayHub.Until(() => processes.Sum(process => process.TimesAsked()) == 1, "it is asked for");
        var replay = (await processes[0].Status()).Rebuild!.Sources[0].ReplayId;
        var asked = 1;
        foreach (var minutes in new[] { 2, 2, 4, 5, 5 })
        {
            // In turn it is refused, twice, and not answered.
            if (asked % 2 == 1) foreach (var process in processes) await process.Rebuilds.Refused(replay, Why);
            clock.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
            await clock.IsReadOften();
            Assert.Equal(asked, processes.Sum(process => process.TimesAsked(replay)));
            clock.Advance(TimeSpan.FromSeconds(1));
            await ReplayHub.Until(() => processes.Sum(process => process.TimesAsked(replay)) > asked, "it is asked for again");
            await clock.IsReadOften();
            Assert.Equal(++asked, processes.Sum(process => process.TimesAsked(replay)));
        }

        Assert.Equal(asked, processes.Sum(process => process.TimesAsked()));
    }

    [SkippableFact]
    public async Task The_wish_for_a_rebuild_asks_at_once_for_what_was_refused()
    {
        var process = await Start(version: 1, clock);
        var replay = await process.Asked();
        await process.Rebuilds.Refused(replay, Why);
        Assert.False(await process.Rebuilds.Start([CounterProjection.ProjectionName]));
        await ReplayHub.Until(() => process.TimesAsked(replay) == 2, "it is asked for again");
        Assert.Null((await process.Status()).Rebuild!.Error);
    }

    [SkippableFact]
    public async Task The_replay_for_a_new_version_is_asked_for_again_and_nothing_that_came_meanwhile_is_missing()
    {
        await Stop(await Started(History[..10]));
        var process = await Start(version: 2, clock);
        var replay = await process.Asked();
        await process.Rebuilds.Refused(replay, Why);
        await process.Handle(History[10]);
        await AssertHolds(History[..10], factor: 1);

        clock.Advance(ProjectionProcess.FirstPause);
        await ReplayHub.Until(() => process.TimesAsked(replay) == 2, "it is asked for again");
        await process.Replay(replay, History[..10]);
        await process.UntilFollowing(2);
        await AssertHolds(History[..11], factor: 2);
    }

    private Task<ProjectionProcess> Start(int version, TimeProvider time) => Start(CounterProjection.Catalog(version), time);

    /// <summary>A clock that stands still, and knows how often it was looked at: whoever waits for a moment looks again and again.</summary>
    private sealed class WatchedClock() : FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero))
    {
        private int looks;

        public override DateTimeOffset GetUtcNow()
        {
            Interlocked.Increment(ref looks);
            return base.GetUtcNow();
        }

        public Task IsReadOften()
        {
            var before = Volatile.Read(ref looks);
            return ReplayHub.Until(() => Volatile.Read(ref looks) - before > 10, "the clock is looked at");
        }
    }
}
