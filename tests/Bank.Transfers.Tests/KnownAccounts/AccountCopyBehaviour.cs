using System.Net;
using System.Text.Json;
using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.Contracts.Replays;
using Bank.Hosting;
using Bank.ServiceBus.Testing;
using Bank.Testing.Servers;
using Bank.Transfers.KnownAccounts;
using Bank.Transfers.Tests.Http;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;

namespace Bank.Transfers.Tests.KnownAccounts;

/// <summary>What the endpoint knows of accounts by listening, in a database as it comes up; the same on every database.</summary>
public abstract class AccountCopyBehaviour(DatabaseKind kind) : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Origin Alice = new() { RequestedBy = "alice", Channel = "branch", RequestedAt = Noon };

    private EndpointDatabase? database;
    private TransfersApp app = null!;

    public async Task InitializeAsync()
    {
        database = await EndpointDatabase.Create(kind);
        if (database is not null) app = new TransfersApp(database, fills: true);
    }

    public async Task DisposeAsync()
    {
        if (database is null) return;
        await app.DisposeAsync();
        await database.DisposeAsync();
    }

    [SkippableFact]
    public async Task Accounts_from_before_are_known_once_the_past_was_fetched_and_nothing_is_before()
    {
        Require();
        var replay = await Asked();
        Assert.Equal([typeof(AccountClosed).FullName!, typeof(AccountOpened).FullName!], replay.EventTypes!);
        // What is published meanwhile is kept, and answers nothing yet.
        await Hear(Closed("new"));
        await AssertKnown("old", null, "new", null);

        await Bring(replay, Opened("old", "EUR"), Closed("old"), Opened("other", "USD"));
        await Known();
        await AssertKnown("old", new KnownAccount("EUR", true), "other", new KnownAccount("USD", false));
        await AssertKnown("new", new KnownAccount(null, true), "never heard of", null);
    }

    [SkippableFact]
    public async Task Order_and_repetition_make_no_difference()
    {
        Require();
        await Bring(await Asked());
        await Known();
        var accounts = Gen.Select(Gen.OneOf("EUR", "USD"), Gen.Int[0, 2]).Array[1, 6];
        await Gen.Select(accounts, Gen.Int[1, 3], Gen.Int).SampleAsync(
            async (histories, times, seed) =>
            {
                var run = Guid.NewGuid().ToString("N");
                // Nothing was heard of an account, or of its opening, or of its closing as well.
                var expected = histories.Select((history, number) => (Id: $"{run}-{number}", Known: history.Item2 == 0 ? null : new KnownAccount(history.Item1, history.Item2 == 2))).ToList();
                var heard = expected.SelectMany(account => account.Known switch
                {
                    null => Array.Empty<IAccountEvent>(),
                    { IsClosed: true } known => [Opened(account.Id, known.Currency!), Closed(account.Id)],
                    var known => [Opened(account.Id, known.Currency!)],
                });
                var shuffled = Enumerable.Repeat(heard, times).SelectMany(events => events).ToArray();
                new Random(seed).Shuffle(shuffled);
                await Task.WhenAll(shuffled.Select(Hear));
                foreach (var (id, known) in expected) await AssertKnown(id, known, run, null);
            },
            iter: 20, threads: 1);
    }

    [SkippableFact]
    public async Task A_closing_that_is_heard_of_before_the_opening_counts_at_once()
    {
        Require();
        await Bring(await Asked());
        await Known();
        await Hear(Closed("a"));
        await AssertKnown("a", new KnownAccount(null, true), "b", null);
        await Hear(Opened("a", "EUR"));
        await AssertKnown("a", new KnownAccount("EUR", true), "b", null);
        // Ids that differ in case alone are different.
        await AssertKnown("A", null, "b", null);
    }

    [SkippableFact]
    public async Task A_refusal_of_the_past_is_shown_and_operators_can_have_it_asked_for_again_at_once()
    {
        Require();
        var replay = await Asked();
        var refusal = new ReplayRefused
        {
            EventId = Guid.NewGuid(), RequestId = replay.RequestId, OccurredAt = Noon, Origin = replay.Origin, ReplayId = replay.ReplayId, Field = "EventTypes", Reason = "UnknownType",
        };
        await ActivatorUtilities.CreateInstance<ReplayNewsHandler>(app.Services).Handle(refusal, new TestableMessageHandlerContext());
        var waiting = await app.Get("/projections/known-accounts");
        var rebuild = waiting.GetProperty("rebuild");
        Assert.Equal(
            ("Filling", "Running", "Bank.Accounts refused the replay: EventTypes: UnknownType"),
            (waiting.GetProperty("state").GetString(), rebuild.GetProperty("state").GetString(), rebuild.GetProperty("error").GetString()));

        using (var answer = await app.CreateClient().PostAsync("/projections/known-accounts/rebuild", null)) Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        await Until(() => Task.FromResult(app.Sent.SentMessages.Length == 2), "another request for the replay");
        Assert.Equal(replay.ReplayId, Assert.IsType<RequestReplay>(app.Sent.SentMessages[1].Message).ReplayId);
        await Bring(replay, Closed("a"));
        await Known();
        await AssertKnown("a", new KnownAccount(null, true), "b", null);
    }

    private static AccountOpened Opened(string id, string currency) => new()
    {
        EventId = Guid.NewGuid(), RequestId = Guid.NewGuid(), OccurredAt = Noon, Origin = Alice, AccountId = id, AccountVersion = 0, Balance = Money.Zero(currency), Available = Money.Zero(currency),
        Currency = currency, OverdraftLimit = Money.Zero(currency),
    };

    private static AccountClosed Closed(string id) => new()
    {
        EventId = Guid.NewGuid(), RequestId = Guid.NewGuid(), OccurredAt = Noon.AddDays(1), Origin = Alice, AccountId = id, AccountVersion = 1, Balance = Money.Zero("EUR"), Available = Money.Zero("EUR"),
    };

    private async Task AssertKnown(string payer, KnownAccount? payerKnown, string payee, KnownAccount? payeeKnown)
    {
        var found = await app.Services.GetRequiredService<IAccountCopy>().Find(payer, payee, CancellationToken.None);
        if (found != (payerKnown, payeeKnown)) Assert.Fail($"Of {payer} and {payee}, {(payerKnown, payeeKnown)} should be known, but {found} is.{Environment.NewLine}{await State()}");
    }

    private Task Hear(IAccountEvent heard)
    {
        var handler = ActivatorUtilities.CreateInstance<AccountEventHandler>(app.Services);
        return heard is AccountOpened opened ? handler.Handle(opened, new TestableMessageHandlerContext()) : handler.Handle((AccountClosed)heard, new TestableMessageHandlerContext());
    }

    private async Task<RequestReplay> Asked()
    {
        _ = app.Services;
        await Until(() => Task.FromResult(app.Sent.SentMessages.Any()), "a request for a replay");
        return Assert.IsType<RequestReplay>(app.Sent.SentMessages[0].Message);
    }

    private async Task Bring(RequestReplay asked, params IAccountEvent[] past)
    {
        var news = new ReplayCompleted { EventId = Guid.NewGuid(), RequestId = asked.RequestId, OccurredAt = Noon, Origin = asked.Origin, ReplayId = asked.ReplayId, UpToPosition = 100, EventCount = past.Length };
        await ActivatorUtilities.CreateInstance<ReplayNewsHandler>(app.Services).Handle(news, new TestableMessageHandlerContext());
        var events = past.Select((one, index) => new ReplayedEvent { Position = index, EventType = one.GetType().FullName!, Event = JsonSerializer.SerializeToElement(one, one.GetType(), MessageJson.Options) });
        var stretch = new ReplayedEvents
        {
            EventId = Guid.NewGuid(), RequestId = asked.RequestId, OccurredAt = Noon, Origin = asked.Origin, ReplayId = asked.ReplayId, AfterPosition = -1, UpToPosition = 100, Events = [.. events],
        };
        await ActivatorUtilities.CreateInstance<ReplayedEventsHandler>(app.Services).Handle(stretch, new TestableMessageHandlerContext());
    }

    private Task Known() => Until(
        async () => (await app.Get("/projections/known-accounts")).GetProperty("state").GetString() == "Following", "the copy holds all of the past");

    private void Require() => Skip.If(database is null, TestDatabase.WhyMissing);

    private Task Until(Func<Task<bool>> condition, string what) => Wait.Until(condition, what, State);

    private Task<string> State() => CopyState.Describe(app, database!.Database);
}

public sealed class SqliteAccountCopyTests() : AccountCopyBehaviour(DatabaseKind.Sqlite);

public sealed class PostgreSqlAccountCopyTests() : AccountCopyBehaviour(DatabaseKind.PostgreSql);
