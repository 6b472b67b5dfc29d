using System.Data.Common;
using Bank.Hub.Projections;
using Bank.Hub.Tests.Replays;

namespace Bank.Hub.Tests.Projections;

/// <summary>How projections are filled, follow, and are built anew; the same on every database.</summary>
public abstract class ProjectionBehaviour : IAsyncLifetime
{
    private static readonly Counted[] History = [.. Enumerable.Range(0, 20).Select(number => new Counted($"counter-{number % 4}", number / 4, 100 + number))];

    private readonly List<ProjectionProcess> processes = [];
    private ProjectionDatabase database = null!;

    public async Task InitializeAsync() => database = await Prepare();

    public virtual async Task DisposeAsync()
    {
        foreach (var process in processes) await process.DisposeAsync();
    }

    protected abstract Task<ProjectionDatabase> Prepare();

    protected abstract Task<DbConnection> Connect();

    [SkippableFact]
    public async Task A_new_projection_answers_at_once_and_fills_itself_with_the_past()
    {
        var process = await Start();
        Assert.Equal(("Filling", 1), ((await process.Status()).State, (await process.Status()).Generation));
        await process.Handle(History[19]);
        Assert.Equal(119, await Number("SELECT value FROM counter WHERE name = 'counter-3'"));
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
        await ReplayHub.Until(async () => await Number(CountOldTables) == 0, "the old tables are dropped");
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
        Assert.False(await older.Rebuilds.Start(["counters"]));
        await newer.Handle(new Counted("counter-0", 5, 1000));
        await AssertHolds([.. History, new Counted("counter-0", 5, 1000)], factor: 2);
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
    public async Task Tables_that_took_the_number_of_dropped_ones_survive_a_process_that_is_late_to_drop()
    {
        var process = await Started(History[..10]);
        await process.Rebuilds.Start(["counters"]);
        var replay = await process.Asked();
        var late = (await Generations()).Single(generation => generation.Number == 2) with { State = GenerationState.Retired };
        await process.Rebuilds.Refused(replay, "EventTypes: Unknown");
        await ReplayHub.Until(async () => (await Generations()).Count == 1, "generation 2 is dropped");
        await process.Rebuilds.Start(["counters"]);
        Assert.False(await database.Within(null, transaction => ProjectionRegistry.RemoveRetired(transaction, late, CancellationToken.None), CancellationToken.None));
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

    protected abstract string CountOldTables { get; }

    private async Task<ProjectionProcess> Start(int version = 1)
    {
        var process = await ProjectionProcess.Start(database, version);
        processes.Add(process);
        return process;
    }

    /// <summary>A process whose projection holds a history and follows.</summary>
    private protected async Task<ProjectionProcess> Started(params Counted[] history)
    {
        var process = await Start();
        await process.Replay(await process.Asked(), history);
        await process.UntilFollowing(1);
        return process;
    }

    private Task<List<Generation>> Generations() =>
        database.Within(null, transaction => ProjectionRegistry.Generations(transaction, CancellationToken.None), CancellationToken.None);

    private async Task Stop(ProjectionProcess process)
    {
        processes.Remove(process);
        await process.DisposeAsync();
    }

    private async Task AssertHolds(IReadOnlyList<Counted> history, int factor)
    {
        Assert.Equal(history.Select(counted => $"{counted.Name} {counted.Version} {counted.Value * factor}").Order(StringComparer.Ordinal), await Rows("step"));
        Assert.Equal(
            history.GroupBy(counted => counted.Name).Select(group => group.MaxBy(counted => counted.Version)!).Select(counted => $"{counted.Name} {counted.Version} {counted.Value * factor}").Order(StringComparer.Ordinal),
            await Rows("counter"));
    }

    private async Task AssertOneVersion()
    {
        await using var transaction = await database.BeginSnapshot();
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

    private async Task<List<string>> Rows(string table)
    {
        await using var connection = await Connect();
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT name, version, value FROM {table}";
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add($"{reader.GetString(0)} {reader.GetInt64(1)} {reader.GetInt64(2)}");
        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    protected async Task<long> Number(string sql)
    {
        await using var connection = await Connect();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static (long?, long?, long?) Gaps(ProjectionStatus status) => (status.Subjects, status.MissingEvents, status.SubjectsWithGaps);
}
