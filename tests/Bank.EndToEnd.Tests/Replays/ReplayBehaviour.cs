using Bank.Contracts.Accounts;
using Bank.Contracts.Replays;

namespace Bank.EndToEnd.Tests.Replays;

/// <summary>History on request, with all processes of the bank running.</summary>
public abstract class ReplayBehaviour<TBank>(TBank bank) : IClassFixture<TBank> where TBank : RunningBank
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private Accounts Accounts => new(bank.Client);

    [SkippableFact]
    public async Task Whoever_joins_later_misses_nothing_of_past_and_present_and_nobody_else_is_disturbed()
    {
        Require();
        await History(accounts: 10, deposits: 5);
        await using var bystander = await Listener.Join(bank.Processes.Plan);
        using var closing = new CancellationTokenSource();
        var account = await Accounts.Open("busy");
        var traffic = Traffic(account, closing.Token);
        await using var listener = await Listener.Join(bank.Processes.Plan);
        var request = await listener.Ask(request => request with { EventsPerSecond = 200 });
        await Until(() => listener.Has(request), "the whole replay");
        await closing.CancelAsync();
        Assert.True(await traffic > 0);

        var stored = await StoredEvents(account);
        await Until(() => listener.EventIds.IsSupersetOf(stored), "what happened meanwhile");
        var replayed = listener.EventsOf(request);
        Assert.Equal(PositionsUpTo(listener.News<ReplayStarted>(request)!.UpToPosition), replayed.Keys.Order());
        // Each looks as it did when it was published; what came both ways is one message.
        Assert.All(replayed.Values, message => Assert.All(
            listener.HeadersOf(message.EventId),
            headers => Assert.Equal(("Publish", message.EventId.ToString()), (headers["NServiceBus.MessageIntent"], headers["NServiceBus.MessageId"]))));
        await Until(() => bystander.EventIds.Contains(stored[^1]), "the bystander's own events");
        Assert.False(bystander.HasReplayedEvents);
        Assert.Empty(await bank.BrokenInvariants());
    }

    [SkippableFact]
    public async Task Killing_the_process_in_the_middle_of_a_replay_costs_no_event()
    {
        Require();
        await History(accounts: 12, deposits: 10);
        await using var listener = await Listener.Join(bank.Processes.Plan);
        var request = await listener.Ask(request => request with { EventsPerSecond = 20 });
        foreach (var count in new[] { 20, 60 })
        {
            await Until(() => listener.EventsOf(request).Count >= count, $"{count} events");
            Assert.Null(listener.News<ReplayCompleted>(request));
            await bank.Processes.Crash("Bank.Accounts");
            bank.Processes.Start("Bank.Accounts");
            await bank.Processes.Ready(CancellationToken.None);
        }

        await Until(() => listener.Has(request), "the whole replay");
        Assert.Equal(PositionsUpTo(listener.News<ReplayCompleted>(request)!.UpToPosition), listener.EventsOf(request).Keys.Order());
        Assert.NotNull(listener.News<ReplayProgress>(request));
        Assert.Empty(await bank.BrokenInvariants());
    }

    [SkippableFact]
    public async Task Several_replays_run_at_once_each_with_what_it_asked_for()
    {
        Require();
        var mine = await History(accounts: 6, deposits: 10);
        await using var one = await Listener.Join(bank.Processes.Plan);
        await using var two = await Listener.Join(bank.Processes.Plan);
        var slow = await one.Ask(request => request with { EventsPerSecond = 5 });
        await Until(() => one.EventsOf(slow).Count > 0, "the slow replay has begun");
        var byType = await two.Ask(request => request with { EventTypes = [typeof(MoneyDeposited).FullName!] });
        var byStream = await two.Ask(request => request with { StreamPrefixes = [$"account-{mine[0]}"] });
        // Asking twice has one effect.
        await two.Send(byStream);
        await Until(() => two.Has(byType) && two.Has(byStream), "the two quick replays");
        Assert.Null(one.News<ReplayCompleted>(slow));
        Assert.All(two.EventsOf(byType).Values, message => Assert.IsType<MoneyDeposited>(message));
        Assert.Equal(
            Enumerable.Range(0, 11).Select(version => (mine[0], (long)version)),
            two.EventsOf(byStream).OrderBy(pair => pair.Key).Select(pair => (pair.Value.AccountId, pair.Value.AccountVersion)));
    }

    [SkippableFact]
    public async Task A_request_that_cannot_be_fulfilled_is_refused_by_field_and_reason()
    {
        Require();
        await using var listener = await Listener.Join(bank.Processes.Plan);
        var request = await listener.Ask(request => request with { EventTypes = ["Bank.Contracts.Accounts.MoneyBurnt"] });
        await Until(() => listener.News<ReplayRefused>(request) is not null, "the refusal");
        var refused = listener.News<ReplayRefused>(request)!;
        Assert.Equal(
            (request.RequestId, "EventTypes", ReplayRefusalReason.UnknownType, "Bank.Contracts.Accounts.MoneyBurnt"),
            (refused.RequestId, refused.Field, refused.Reason, refused.Detail));
        Assert.Empty(listener.EventsOf(request));
    }

    private static IEnumerable<long> PositionsUpTo(long last) => Enumerable.Range(0, (int)last + 1).Select(position => (long)position);

    private async Task<string[]> History(int accounts, int deposits)
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, accounts).Select(_ => Accounts.Open("historic")));
        await Task.WhenAll(ids.Select(async id =>
        {
            for (var number = 0; number < deposits; number++) await Accounts.Completed(id, "deposit", new { amount = "1.00", currency = "EUR" });
        }));
        return ids;
    }

    private async Task<int> Traffic(string account, CancellationToken cancellationToken)
    {
        var deposits = 0;
        for (; !cancellationToken.IsCancellationRequested; deposits++) await Accounts.Completed(account, "deposit", new { amount = "1.00", currency = "EUR" });
        return deposits;
    }

    private async Task<Guid[]> StoredEvents(string account)
    {
        var history = (await bank.Client.Get($"/accounts/{account}/events?limit=1000", CancellationToken.None))!.Value;
        return [.. history.GetProperty("events").EnumerateArray().Select(item => item.GetProperty("eventId").GetGuid())];
    }

    private void Require() => Skip.If(bank.Missing is not null, bank.Missing);

    private static async Task Until(Func<bool> condition, string what)
    {
        var deadline = DateTime.UtcNow + Limit;
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < deadline, "Never happened: " + what);
            await Task.Delay(20);
        }
    }
}

public sealed class EmbeddedReplayTests(EmbeddedBank bank) : ReplayBehaviour<EmbeddedBank>(bank);

public sealed class ServerReplayTests(ServerBank bank) : ReplayBehaviour<ServerBank>(bank);
