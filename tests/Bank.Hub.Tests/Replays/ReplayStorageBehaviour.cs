using Bank.Hub.Replays;

namespace Bank.Hub.Tests.Replays;

/// <summary>Which replays there are and how far each is; the same for every storage.</summary>
public abstract class ReplayStorageBehaviour : IAsyncLifetime
{
    protected IReplayStorage Storage { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Storage = await Open();
        await Task.WhenAll(Storage.Prepare(), Storage.Prepare());
    }

    public virtual Task DisposeAsync() => Task.CompletedTask;

    protected abstract Task<IReplayStorage> Open();

    [SkippableFact]
    public async Task A_replay_is_found_as_it_was_stored()
    {
        var replay = New();
        await Storage.Add(replay);
        var found = (await Storage.Find(replay.Request.ReplayId))!;
        Assert.Equivalent(replay, found, strict: true);
        Assert.Null(await Storage.Find(Guid.NewGuid()));
    }

    [SkippableFact]
    public async Task Of_many_requests_with_one_id_the_first_counts()
    {
        var first = New();
        var stored = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(() => Storage.Add(first with { Request = first.Request with { Context = $"{number}" } }))));
        Assert.Single(stored.Select(replay => replay.Request.Context).Distinct());
        Assert.Single(await Storage.Unfinished());
    }

    [SkippableFact]
    public async Task Progress_is_kept_and_never_goes_back()
    {
        var replay = await Storage.Add(New());
        await Storage.Save(replay with { Position = 40, Events = 30, Stage = ReplayStage.Started });
        await Storage.Save(replay with { Position = 20, Events = 15, Stage = ReplayStage.Started });
        await Storage.Save(replay with { Position = 41, Events = 31, Stage = ReplayStage.Accepted });
        var found = (await Storage.Find(replay.Request.ReplayId))!;
        Assert.Equal((40L, 30L, ReplayStage.Started), (found.Position, found.Events, found.Stage));
    }

    [SkippableFact]
    public async Task Those_that_are_not_completed_are_listed_in_the_order_of_their_requests()
    {
        var replays = new[] { New(), New(), New() };
        foreach (var replay in replays) await Storage.Add(replay);
        await Storage.Save(replays[1] with { Stage = ReplayStage.Completed });
        Assert.Equal([replays[0].Request.ReplayId, replays[2].Request.ReplayId], await Storage.Unfinished());
        // Asking again for what is completed does not begin it again.
        Assert.Equal(ReplayStage.Completed, (await Storage.Add(replays[1])).Stage);
    }

    private static Replay New() => Replay.Begin(
        new ReplayRequest
        {
            ReplayId = Guid.NewGuid(), ReplyToAddress = "asker", FromPosition = 3, StreamPrefixes = ["account-"], EventTypes = ["A", "B"], EventsPerSecond = 7, Context = "{}",
        },
        head: 100);
}
