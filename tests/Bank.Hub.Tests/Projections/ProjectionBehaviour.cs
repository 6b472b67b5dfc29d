using Bank.Hub.Projections;
using Bank.Hub.Tests.Replays;

namespace Bank.Hub.Tests.Projections;

/// <summary>How projections are filled, follow, and are built anew; the same on every database.</summary>
public abstract class ProjectionBehaviour(ViewDatabase views) : CounterStory(views)
{
    [SkippableFact]
    public async Task A_new_projection_answers_at_once_and_fills_itself_with_the_past()
    {
        var process = await Start();
        Assert.Equal(("Filling", 1), ((await process.Status()).State, (await process.Status()).Generation));
        await process.Handle(History[19]);
        Assert.Equal(119, await Views.Number("SELECT value FROM counter WHERE name = 'counter-3'"));
        await process.Replay(await process.Asked(), History);
        await process.UntilFollowing(1);
        await AssertHolds(History, factor: 1);
        Assert.Equal((4, 0, 0), Gaps(await process.Status()));
    }

    [SkippableFact]
    public async Task Order_and_repetition_of_live_events_make_no_difference()
    {
        var process = await Started();
        for (var seed = 0; seed < 3; seed++)
        {
            var events = History.Concat(History).ToArray();
            new Random(seed).Shuffle(events);
            await Task.WhenAll(events.Select(process.Handle));
        }

        await AssertHolds(History, factor: 1);
    }

    [SkippableFact]
    public async Task Events_that_are_missing_are_counted_until_they_come()
    {
        var process = await Started();
        foreach (var counted in History.Where(counted => counted.Version != 2 && counted != History[0])) await process.Handle(counted);
        Assert.Equal((4, 5, 4), Gaps(await process.Status()));
        await process.Handle(History[0]);
        foreach (var counted in History.Where(counted => counted.Version == 2)) await process.Handle(counted);
        Assert.Equal((4, 0, 0), Gaps(await process.Status()));
    }

    [SkippableFact]
    public async Task A_rebuild_ends_in_the_same_rows_whatever_comes_twice_or_out_of_order_or_live_meanwhile()
    {
        var process = await Started(History[..17]);
        Assert.True(await process.Rebuilds.Start(["counters"]));
        Assert.False(await process.Rebuilds.Start(["counters"]));
        var replay = await process.Asked();
        await process.Bring(replay, 9, History[10..16]);
        await Task.WhenAll(History[15..].Select(process.Handle));
        await process.Bring(replay, 9, History[10..16]);
        await process.Bring(replay, 7, History[8..12]);
        await process.Rebuilds.Bounded(replay, 15);
        Assert.Equal("Rebuilding", (await process.Status()).State);
        await process.Bring(replay, -1, History[..8]);
        await process.UntilFollowing(2);
        await AssertHolds(History, factor: 1);
        await process.Bring(Guid.NewGuid(), -1, [new Counted("of nobody's replay", 0, 1)]);
        await AssertHolds(History, factor: 1);
    }

    [SkippableFact]
    public async Task A_rebuild_goes_on_in_another_process_when_the_first_one_dies()
    {
        var first = await Started(History);
        await first.Rebuilds.Start(["counters"]);
        var replay = await first.Asked();
        await first.Rebuilds.Bounded(replay, 19);
        await first.Bring(replay, -1, History[..7]);
        await Stop(first);
        var second = await Start();
        await second.Bring(replay, 6, History[7..]);
        await second.UntilFollowing(2);
        await AssertHolds(History, factor: 1);
    }

    [SkippableFact]
    public async Task What_came_in_whole_before_the_death_is_swapped_in_by_another_process()
    {
        var first = await Started(History);
        await first.Rebuilds.Start(["counters"]);
        var replay = await first.Asked();
        await Stop(first);
        // Nobody cares for fills while the last of it comes.
        var second = await Start();
        await Task.WhenAll(second.Rebuilds.Bounded(replay, 19), second.Bring(replay, -1, History));
        await second.UntilFollowing(2);
        await AssertHolds(History, factor: 1);
    }

    [SkippableFact]
    public async Task A_refused_replay_ends_the_rebuild_and_what_answers_goes_on()
    {
        var process = await Started(History[..10]);
        await process.Rebuilds.Start(["counters"]);
        await process.Rebuilds.Refused(await process.Asked(), "EventTypes: Unknown");
        await process.UntilFollowing(1);
        var rebuild = (await process.Status()).Rebuild!;
        Assert.Equal("Failed", rebuild.State);
        Assert.Contains("EventTypes: Unknown", rebuild.Error, StringComparison.Ordinal);
        await AssertHolds(History[..10], factor: 1);
        Assert.True(await process.Rebuilds.Start(["counters"]));
    }

    [SkippableFact]
    public async Task An_accepted_replay_goes_on_when_asking_for_it_again_is_refused()
    {
        var process = await Started(History[..10]);
        await process.Rebuilds.Start(["counters"]);
        var replay = await process.Asked();
        await process.Rebuilds.Bounded(replay, 9);
        await process.Bring(replay, -1, History[..4]);
        await process.Rebuilds.Refused(replay, "ReplayId: AlreadyUsed");
        Assert.Equal("Rebuilding", (await process.Status()).State);
        await process.Bring(replay, 3, History[4..10]);
        await process.UntilFollowing(2);
        await AssertHolds(History[..10], factor: 1);
    }

    [SkippableFact]
    public async Task A_rebuild_that_lost_a_part_of_its_replay_can_be_given_up_for_another()
    {
        var process = await Started(History[..10]);
        await process.Rebuilds.Start(["counters"]);
        var lost = await process.Asked();
        await process.Rebuilds.Bounded(lost, 9);
        await process.Bring(lost, -1, History[..5]);
        Assert.False(await process.Rebuilds.Start(["counters"]));

        Assert.True(await process.Rebuilds.GiveUp(["counters"]));
        Assert.False(await process.Rebuilds.GiveUp(["counters"]));
        Assert.Equal(("Failed", "It was given up on request."), ((await process.Status()).Rebuild!.State, (await process.Status()).Rebuild!.Error));
        await AssertHolds(History[..10], factor: 1);
        Assert.True(await process.Rebuilds.Start(["counters"]));
        var again = await process.Asked();
        // What was lost comes after all.
        await process.Bring(lost, 4, History[5..10]);
        await process.Handle(History[10]);
        await process.Replay(again, History[..11]);
        await ReplayHub.Until(async () => (await process.Status()) is { State: "Following", Generation: > 1 }, "the other rebuild");
        await AssertHolds(History[..11], factor: 1);
    }

    [SkippableFact]
    public async Task Tables_that_took_the_number_of_dropped_ones_survive_a_process_that_is_late_to_drop()
    {
        var process = await Started(History[..10]);
        await process.Rebuilds.Start(["counters"]);
        var replay = await process.Asked();
        var late = (await Generations()).Single(generation => generation.Number == 2) with { State = GenerationState.Retired };
        await process.Rebuilds.Refused(replay, "EventTypes: Unknown");
        await ReplayHub.Until(async () => (await Generations()).Count == 1, "generation 2 is dropped");
        await process.Rebuilds.Start(["counters"]);
        Assert.False(await Database.Within(null, transaction => ProjectionRegistry.RemoveRetired(transaction, late, CancellationToken.None), CancellationToken.None));
        await process.Replay(await process.Asked(), History);
        await process.UntilFollowing(2);
        await AssertHolds(History, factor: 1);
    }

    [SkippableFact]
    public async Task A_rebuild_of_what_is_not_there_is_refused_by_name()
    {
        var process = await Start();
        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => process.Rebuilds.Start(["no such"]));
        Assert.Contains("no such", refusal.Message, StringComparison.Ordinal);
    }

    private static (long?, long?, long?) Gaps(ProjectionStatus status) => (status.Subjects, status.MissingEvents, status.SubjectsWithGaps);
}
