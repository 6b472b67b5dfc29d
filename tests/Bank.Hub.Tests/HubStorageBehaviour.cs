namespace Bank.Hub.Tests;

/// <summary>Who may publish, and from where; the same for every storage.</summary>
public abstract class HubStorageBehaviour : IAsyncLifetime
{
    protected const string Hub = "publisher";
    protected static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    protected static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    protected IHubStorage Storage { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Storage = await Open();
        await Storage.Prepare(Hub);
        await Storage.Prepare(Hub);
    }

    public virtual Task DisposeAsync() => Task.CompletedTask;

    protected abstract Task<IHubStorage> Open();

    /// <summary>Lets time pass.</summary>
    protected abstract Task Pass(TimeSpan time);

    [SkippableFact]
    public async Task The_first_publisher_begins_before_the_first_position()
    {
        var lease = await Storage.TryAcquire(Hub, "one", Long);
        Assert.Equal(-1, lease!.Position);
    }

    [SkippableFact]
    public async Task Only_one_of_many_that_try_at_once_becomes_the_publisher()
    {
        var leases = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Storage.TryAcquire(Hub, $"owner {i}", Long))));
        Assert.Single(leases, lease => lease is not null);
    }

    [SkippableFact]
    public async Task Another_has_to_wait_until_the_publisher_gives_up_and_goes_on_where_it_was()
    {
        var first = (await Storage.TryAcquire(Hub, "one", Long))!;
        Assert.True(await Storage.Save(Hub, first, 41, Long));
        Assert.Null(await Storage.TryAcquire(Hub, "two", Long));
        await Storage.Release(Hub, first);
        var second = await Storage.TryAcquire(Hub, "two", Long);
        Assert.Equal(41, second!.Position);
        Assert.True(second.Token > first.Token);
    }

    [SkippableFact]
    public async Task A_publisher_that_no_longer_answers_is_replaced_and_cannot_move_the_checkpoint_any_more()
    {
        var zombie = (await Storage.TryAcquire(Hub, "zombie", Short))!;
        Assert.True(await Storage.Save(Hub, zombie, 5, Short));
        await Pass(2 * Short);
        var heir = (await Storage.TryAcquire(Hub, "heir", Long))!;
        Assert.Equal(5, heir.Position);
        Assert.False(await Storage.Save(Hub, zombie, 99, Long));
        Assert.True(await Storage.Save(Hub, heir, 7, Long));
        Assert.False(await Storage.Save(Hub, zombie, 8, Long));
        await Storage.Release(Hub, zombie);
        Assert.Null(await Storage.TryAcquire(Hub, "third", Long));
    }

    [SkippableFact]
    public async Task Saving_keeps_the_publisher_in_office()
    {
        var lease = (await Storage.TryAcquire(Hub, "one", Short))!;
        Assert.True(await Storage.Save(Hub, lease, 0, Long));
        await Pass(2 * Short);
        Assert.Null(await Storage.TryAcquire(Hub, "two", Long));
    }

    [SkippableFact]
    public async Task The_checkpoint_never_goes_back()
    {
        var lease = (await Storage.TryAcquire(Hub, "one", Long))!;
        Assert.True(await Storage.Save(Hub, lease, 10, Long));
        Assert.True(await Storage.Save(Hub, lease, 10, Long));
        Assert.False(await Storage.Save(Hub, lease, 9, Long));
        await Storage.Release(Hub, lease);
        Assert.Equal(10, (await Storage.TryAcquire(Hub, "two", Long))!.Position);
    }
}
