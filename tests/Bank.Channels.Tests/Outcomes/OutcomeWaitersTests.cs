using Bank.Channels.Outcomes;
using Bank.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Bank.Channels.Tests.Outcomes;

/// <summary>The clock stands still unless a test moves it: who is woken by an event needs none.</summary>
public sealed class OutcomeWaitersTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly string folder = Directory.CreateTempSubdirectory("waiters-").FullName;
    private readonly FakeTimeProvider clock = new(Events.Now);
    private readonly RequestStore requests;
    private readonly OutcomeWaiters waiters;

    public OutcomeWaitersTests()
    {
        requests = new RequestStore(new BankDatabase(DatabaseKind.Sqlite, $"Data Source={Path.Combine(folder, "requests.db")};Pooling=False"));
        waiters = new OutcomeWaiters(requests, clock);
    }

    public Task InitializeAsync() => requests.Migrate(CancellationToken.None);

    public Task DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task An_event_in_this_process_wakes_everybody_who_waits_for_it()
    {
        var id = await Remember();
        Task<RequestRecord?>[] waiting = [Wait(id), Wait(id), Wait(id)];

        await DecideAndWake(id);

        Assert.All(await Task.WhenAll(waiting).WaitAsync(Deadline), record => Assert.Equal("completed", record!.Outcome.Status));
    }

    [Fact]
    public async Task Who_only_looks_takes_nothing_from_those_who_wait()
    {
        var id = await Remember();
        var waiting = Wait(id);
        Assert.Equal("pending", (await waiters.Wait(id, TimeSpan.Zero, CancellationToken.None))!.Outcome.Status);

        await DecideAndWake(id);

        Assert.Equal("completed", (await waiting.WaitAsync(Deadline))!.Outcome.Status);
    }

    [Fact]
    public async Task Who_goes_away_takes_nothing_from_those_who_wait()
    {
        var id = await Remember();
        using var impatience = new CancellationTokenSource();
        var leaving = waiters.Wait(id, TimeSpan.FromMinutes(1), impatience.Token);
        var waiting = Wait(id);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving.WaitAsync(Deadline));

        await DecideAndWake(id);

        Assert.Equal("completed", (await waiting.WaitAsync(Deadline))!.Outcome.Status);
    }

    [Fact]
    public async Task An_event_that_reached_another_process_is_seen_in_the_database()
    {
        var id = await Remember();
        var began = clock.GetUtcNow();
        var waiting = Wait(id);
        await Decide(id);

        Assert.Equal("completed", (await AdvanceUntilDone(waiting))!.Outcome.Status);
        Assert.True(clock.GetUtcNow() - began < TimeSpan.FromMinutes(1), "It waited to the end of its time.");
    }

    [Fact]
    public async Task A_wait_ends_when_its_time_is_over()
    {
        var id = await Remember();
        var began = clock.GetUtcNow();

        Assert.Equal("pending", (await AdvanceUntilDone(Wait(id)))!.Outcome.Status);
        Assert.True(clock.GetUtcNow() - began >= TimeSpan.FromMinutes(1), "It ended early.");
    }

    [Fact]
    public async Task Nobody_waits_for_an_unknown_request_or_one_that_is_decided()
    {
        var id = await Remember();
        await Decide(id);

        Assert.Equal("completed", (await Wait(id).WaitAsync(Deadline))!.Outcome.Status);
        Assert.Null(await Wait(Guid.NewGuid()).WaitAsync(Deadline));
    }

    private Task<RequestRecord?> Wait(Guid id) => waiters.Wait(id, TimeSpan.FromMinutes(1), CancellationToken.None);

    private async Task<Guid> Remember()
    {
        var id = Guid.NewGuid();
        await requests.Remember(
            new RequestRecord { RequestId = id, Fingerprint = "f", Command = "withdraw", AccountId = "acc-1", AskedAt = Events.Now }, CancellationToken.None);
        return id;
    }

    private Task<bool> Decide(Guid id) => requests.Decide(id, OutcomeOf.Event(Events.Withdrawn(id))!, CancellationToken.None);

    private async Task DecideAndWake(Guid id)
    {
        Assert.True(await Decide(id));
        waiters.Wake(id);
    }

    private async Task<RequestRecord?> AdvanceUntilDone(Task<RequestRecord?> waiting)
    {
        var deadline = DateTime.UtcNow + Deadline;
        while (!waiting.IsCompleted && DateTime.UtcNow < deadline)
        {
            clock.Advance(TimeSpan.FromMilliseconds(250));
            await Task.WhenAny(waiting, Task.Delay(1));
        }

        return await waiting.WaitAsync(TimeSpan.FromSeconds(1));
    }
}
