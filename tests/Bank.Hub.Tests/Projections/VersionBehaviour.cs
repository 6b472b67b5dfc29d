using System.Data.Common;
using Bank.Hub.Projections;
using Bank.Hub.Tests.Replays;

namespace Bank.Hub.Tests.Projections;

/// <summary>What becomes of projections while programs of several versions work on one queue and one database; the same on every database.</summary>
public abstract class VersionBehaviour(ViewDatabase views) : CounterStory(views)
{
    [SkippableFact]
    public async Task A_new_version_is_filled_beside_the_old_which_answers_until_then()
    {
        var old = await Started(History[..16]);
        await Stop(old);
        var process = await Start(version: 2);
        Assert.Equal(("Rebuilding", 1, 1), ((await process.Status()).State, (await process.Status()).Version, (await process.Status()).Generation));
        var replay = await process.Asked();
        await process.Rebuilds.Bounded(replay, 19);
        await process.Bring(replay, -1, History[..10]);
        await AssertHolds(History[..16], factor: 1);
        await process.Handle(History[18]);
        await process.Bring(replay, 9, History[10..]);
        await process.UntilFollowing(2);
        Assert.Equal(2, (await process.Status()).Version);
        await AssertHolds(History, factor: 2);
        await ReplayHub.Until(async () => await Views.Number(Views.CountOldTables) == 0, "the old tables are dropped");
    }

    [SkippableFact]
    public async Task An_older_program_does_not_start_on_what_a_newer_one_made()
    {
        await Stop(await Start(version: 2));
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => Start(version: 1));
        Assert.Contains("version 2 of the projection counters", refusal.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task An_older_program_that_heard_nothing_yet_begins_no_rebuild_of_what_a_newer_one_made()
    {
        var older = await Started(History);
        var newer = await Start(version: 2);
        await newer.Replay(await newer.Asked(), History);
        await newer.UntilFollowing(2);
        var refusal = await Assert.ThrowsAsync<OutdatedProgramException>(() => older.Rebuilds.Start(["counters"]));
        Assert.Equal("A newer program has made version 2 of counters; this one makes version 1. Ask the newer one.", refusal.Message);
        await newer.Handle(new Counted("counter-0", 5, 1000));
        await AssertHolds([.. History, new Counted("counter-0", 5, 1000)], factor: 2);
    }

    [SkippableFact]
    public async Task An_older_program_does_not_give_up_what_fills_the_tables_of_a_newer_one()
    {
        var older = await Started(History);
        var newer = await Start(version: 2);
        var replay = await newer.Asked();
        await Assert.ThrowsAsync<OutdatedProgramException>(() => older.Rebuilds.GiveUp(["counters"]));
        await newer.Replay(replay, History);
        await newer.UntilFollowing(2);
    }

    [SkippableFact]
    public async Task An_older_program_fetches_what_a_newer_one_took_up_before_its_replay_was_refused()
    {
        await Stop(await Started(History[..10]));
        var newer = await Start(version: 2);
        await newer.Handle(History[10]);
        await newer.Rebuilds.Refused(await newer.Asked(), "EventTypes: Unknown");
        await Stop(newer);
        var older = await Start(version: 1);
        await older.Replay(await older.Asked(), History[..11]);
        await ReplayHub.Until(async () => (await older.Status()).State == "Following", "the older program follows");
        await AssertHolds(History[..11], factor: 1);
    }

    [SkippableFact]
    public async Task Whoever_asked_how_complete_a_projection_is_reads_the_rows_that_this_was_about_though_a_swap_comes_between()
    {
        await Stop(await Started(History));
        var process = await Start(version: 2);
        await using (var queries = new ProjectionQueries(Database, CounterProjection.Catalog(version: 1)))
        {
            // No view is read yet, so none of them holds the swap up.
            Assert.Equal(4, await queries.CompleteUpTo(CounterProjection.ProjectionName, "counter-3", CancellationToken.None));
            await process.Replay(await process.Asked(), History);
            await ReplayHub.Until(async () => await Views.Number(Views.CountWaitingSwaps) > 0 || (await process.Status()).Generation == 2, "the swap waits for the reader, or is done");
            Assert.Equal([119L], await queries.All("SELECT value FROM counter WHERE name = 'counter-3'", row => row.GetInt64(0), CancellationToken.None));
        }

        await process.UntilFollowing(2);
    }

    [SkippableFact]
    public async Task Whoever_reads_during_a_swap_sees_all_of_the_old_or_all_of_the_new()
    {
        var old = await Started(History);
        await Stop(old);
        var process = await Start(version: 2);
        var isOver = false;
        var reading = Task.Run(async () =>
        {
            while (!Volatile.Read(ref isOver)) await AssertOneVersion();
        });
        await process.Replay(await process.Asked(), History);
        await process.UntilFollowing(2);
        Volatile.Write(ref isOver, true);
        await reading.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [SkippableFact]
    public async Task A_newer_program_whose_replay_was_refused_leaves_all_messages_to_an_older_one_that_came_back()
    {
        await Stop(await Started(History[..10]));
        var newer = await Start(version: 2);
        await newer.Rebuilds.Refused(await newer.Asked(), "EventTypes: Unknown");
        var older = await Start(version: 1);
        var replay = await older.Asked();
        await older.Rebuilds.Bounded(replay, 9);

        await AssertLeft(() => newer.Bring(replay, -1, History[..6]), "version 1 of counters");
        await AssertLeft(() => newer.Handle(History[10]), "version 1 of counters");
        await older.Handle(History[10]);
        await older.Bring(replay, 5, History[6..10]);
        Assert.Equal("Rebuilding", (await older.Status()).State);
        await older.Bring(replay, -1, History[..6]);
        await ReplayHub.Until(async () => (await older.Status()).State == "Following", "the older program follows");
        await AssertLeft(() => newer.Handle(History[11]), "version 1 of counters");
        await older.Handle(History[11]);
        await AssertHolds(History[..12], factor: 1);
    }

    [SkippableFact]
    public async Task What_a_newer_program_took_up_when_nobody_kept_the_old_tables_is_fetched_by_the_next_fill()
    {
        await Stop(await Started(History[..10]));
        var newer = await Start(version: 2);
        await newer.Asked();
        await newer.Rebuilds.GiveUp([CounterProjection.ProjectionName]);
        await newer.Handle(History[10]);
        Assert.Equal("Filling", (await newer.Status()).State);

        Assert.True(await newer.Rebuilds.Start([CounterProjection.ProjectionName]));
        await newer.Handle(History[11]);
        await newer.Replay(await newer.Asked(), History[..11]);
        await ReplayHub.Until(async () => await newer.Status() is { State: "Following", Version: 2 }, "the newer program follows");
        await AssertHolds(History[..12], factor: 2);
    }

    [SkippableFact]
    public async Task A_program_leaves_all_messages_to_another_that_keeps_a_projection_more()
    {
        var fewer = await Started(History[..10]);
        var more = await Start(CounterProjection.Catalog(1, new MentionProjection()));
        var replay = await more.Asked();
        await more.Rebuilds.Bounded(replay, 9);

        await AssertLeft(() => fewer.Bring(replay, -1, History[..10]), "version 1 of mentions");
        await AssertLeft(() => fewer.Handle(History[10]), "version 1 of mentions");
        await more.Handle(History[10]);
        await more.Bring(replay, -1, History[..10]);
        await ReplayHub.Until(async () => (await more.Status(MentionProjection.ProjectionName)).State == "Following", "all mentions are there");
        await AssertLeft(() => fewer.Handle(History[11]), "version 1 of mentions");
        Assert.Equal(11, await Views.Number("SELECT COUNT(*) FROM mention"));
    }

    [SkippableFact]
    public async Task A_projection_that_a_program_no_longer_kept_is_filled_anew_by_one_that_does()
    {
        var more = await Start(CounterProjection.Catalog(1, new MentionProjection()));
        await more.Replay(await more.Asked(), History[..10]);
        await ReplayHub.Until(async () => (await more.Status(MentionProjection.ProjectionName)).State == "Following", "all mentions are there");
        await Stop(more);
        var fewer = await Start();
        await fewer.Handle(History[10]);
        await Stop(fewer);

        more = await Start(CounterProjection.Catalog(1, new MentionProjection()));
        Assert.Equal(("Rebuilding", "Following"), ((await more.Status(MentionProjection.ProjectionName)).State, (await more.Status()).State));
        await more.Replay(await more.Asked(), History[..11]);
        await ReplayHub.Until(async () => (await more.Status(MentionProjection.ProjectionName)).State == "Following", "all mentions are there again");
        Assert.Equal(11, await Views.Number("SELECT COUNT(*) FROM mention"));
        await AssertHolds(History[..11], factor: 1);
    }

    [SkippableFact]
    public async Task An_older_program_takes_nothing_once_a_newer_one_has_begun_and_ends()
    {
        var older = await Started(History[..10]);
        var newer = await Start(version: 2);
        var replay = await newer.Asked();
        var taken = new[] { older.Handle(History[10]), older.Bring(replay, -1, History[..10]) };
        await older.Stopping.WaitAsync(TimeSpan.FromSeconds(60));
        await newer.Handle(History[10]);
        await newer.Replay(replay, History[..10]);
        await newer.UntilFollowing(2);
        Assert.All(taken, task => Assert.False(task.IsCompleted));
        await AssertHolds(History[..11], factor: 2);
    }

    [SkippableFact]
    public async Task A_query_that_fails_while_another_version_answers_says_so()
    {
        const string ofTheNext = "SELECT total FROM counter";
        var older = await Started(History);
        await Assert.ThrowsAnyAsync<DbException>(() => older.Query(ofTheNext));
        await Stop(older);
        var newer = await Start(version: 2);
        var failure = await Assert.ThrowsAsync<OtherVersionAnswersException>(() => newer.Query(ofTheNext));
        Assert.Contains("Version 1 of counters answers as yet; the question fits version 2", failure.Message, StringComparison.Ordinal);
        Assert.Equal(4, (await newer.Query("SELECT value FROM counter")).Count);
        await newer.Replay(await newer.Asked(), History);
        await newer.UntilFollowing(2);
        await Assert.ThrowsAnyAsync<DbException>(() => newer.Query(ofTheNext));
    }

    [SkippableFact]
    public async Task What_is_known_of_a_subject_and_of_the_past_is_of_the_version_of_the_program()
    {
        await Stop(await Started(History));
        var newer = await Start(version: 2);
        Assert.Equal((true, (long?)null, (string?)null), await newer.Knows("counter-0"));
        await newer.Replay(await newer.Asked(), History);
        await newer.UntilFollowing(2);
        var (isKnown, upTo, filled) = await newer.Knows("counter-0");
        Assert.Equal((true, (long?)4), (isKnown, upTo));
        Assert.NotNull(filled);
        Assert.Equal((false, (long?)null, filled), await newer.Knows("counter-4"));
    }

    private static async Task AssertLeft(Func<Task> take, string what) =>
        Assert.Contains(what, (await Assert.ThrowsAsync<InvalidOperationException>(take)).Message, StringComparison.Ordinal);

    private async Task AssertOneVersion()
    {
        await using var transaction = await Database.BeginSnapshot();
        await using var connection = transaction.Connection!;
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT (SELECT SUM(value) FROM counter), (SELECT SUM(value) FROM step)";
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        var sums = (Convert.ToInt64(reader.GetValue(0), null), Convert.ToInt64(reader.GetValue(1), null));
        var whole = (Counters: History[16..].Sum(counted => counted.Value), Steps: History.Sum(counted => counted.Value));
        Assert.Contains(sums, new[] { whole, (whole.Counters * 2, whole.Steps * 2) });
    }
}
