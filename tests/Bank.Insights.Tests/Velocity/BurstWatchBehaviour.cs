using System.Net;
using Bank.Contracts;
using Bank.Hosting;
using Bank.Hub.Projections;
using Bank.Insights.Velocity;
using Bank.Testing.Servers;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;

namespace Bank.Insights.Tests.Velocity;

public sealed class BurstWatchOnSqlite() : BurstWatchBehaviour(DatabaseKind.Sqlite, 15);

public sealed class BurstWatchOnPostgreSql() : BurstWatchBehaviour(DatabaseKind.PostgreSql, 10);

/// <summary>Messages come twice and out of order, to several processes at a time, and a replay brings the past: what is found must not depend on that.</summary>
public abstract class BurstWatchBehaviour(DatabaseKind kind, int histories) : IAsyncLifetime
{
    private readonly string id = "acc-" + Guid.NewGuid().ToString("N");
    private readonly List<InsightsApp> started = [];
    private EndpointDatabase? database;

    public async Task InitializeAsync() => database = await EndpointDatabase.Create(kind);

    public async Task DisposeAsync()
    {
        foreach (var app in started) await app.DisposeAsync();
        if (database is not null) await database.DisposeAsync();
    }

    [SkippableFact]
    public async Task Five_transfers_within_ten_minutes_are_found_once_however_often_they_come()
    {
        var app = Start();
        var story = new PaymentStory(id).Pays(0).Pays(1).Withdraws(2).Pays(3).Pays(4);
        await app.Handle(story.Events);
        Assert.Empty(await app.Found(id));

        story.Pays(500).Pays(501);
        await app.Handle(story.Events);
        await app.Handle(story.Events);
        Assert.Equal([story.TransferIds.Take(5)], await app.Found(id));
    }

    [SkippableFact]
    public async Task Card_payments_and_money_that_comes_in_are_no_outgoing_transfers()
    {
        var app = Start();
        var story = new PaymentStory(id).Pays(0).PaysByCard(1).Receives(2, 100, "b").Pays(3).Withdraws(4).PaysByCard(5).Receives(6, 100, "b").Pays(7).Pays(8);
        await app.Handle(story.Events);
        Assert.Empty(await app.Found(id));
    }

    [SkippableFact]
    public async Task What_lies_behind_a_gap_waits_for_the_event_that_fills_it()
    {
        var app = Start();
        var story = new PaymentStory(id).Pays(0).Pays(1).Withdraws(2).Pays(3).Pays(4).Pays(5);
        await app.Handle(story.Events.Where(@event => @event is not Contracts.Accounts.MoneyWithdrawn));
        Assert.Empty(await app.Found(id));

        await app.Handle(story.Events.OfType<Contracts.Accounts.MoneyWithdrawn>());
        Assert.Equal([story.TransferIds], await app.Found(id));
    }

    [SkippableFact]
    public async Task Shuffled_and_repeated_events_in_two_processes_lead_to_what_the_history_tells()
    {
        var (one, other) = (Start(), Start());
        var number = 0;
        await Gen.Select(Gen.Select(Gen.Int[0, 5], Gen.Int[0, 160]).Array[1, 25], Gen.Int).SampleAsync(
            async (steps, seed) =>
            {
                var account = $"{id}-{number++}";
                var story = Tell(account, steps);
                var random = new Random(seed);
                var events = story.Events.Concat(story.Events.Where(_ => random.Next(2) == 0)).ToArray();
                random.Shuffle(events);
                await Task.WhenAll(events.Select((@event, index) => (index % 2 == 0 ? one : other).Handle(@event)));
                Assert.Equal(Expected(story).ToHashSet(), (await one.Found(account)).Select(found => found[^1]).ToHashSet());
            },
            iter: histories, threads: 1);
    }

    [SkippableFact]
    public async Task A_long_history_is_reviewed_piece_by_piece_with_the_same_findings()
    {
        var app = Start();
        var number = 0;
        await Gen.Select(Gen.Select(Gen.Int[0, 5], Gen.Int[0, 160]).Array[10, 40], Gen.Int[1, 9]).SampleAsync(
            async (steps, atATime) =>
            {
                var account = $"{id}-long-{number++}";
                var story = Tell(account, steps);
                await app.Replay(story.Events);
                await new BurstWatch(app.Services.GetRequiredService<ProjectionDatabase>(), app.Services.GetRequiredService<ProjectionCatalog>(), app.Services.GetRequiredService<Suspicions>())
                {
                    AtATime = atATime,
                }.Review(account, 0, CancellationToken.None);
                Assert.Equal(Expected(story), (await app.Found(account)).Reverse().Select(found => found[^1]));
            },
            iter: histories, threads: 1);
    }

    [SkippableFact]
    public async Task What_a_replay_brought_is_reviewed_once_the_tables_are_full_and_again_when_they_were_built_anew()
    {
        var app = Start();
        var story = new PaymentStory(id).Pays(0).Pays(1).Pays(2).Pays(3).Pays(4);
        await app.Replay(story.Events);
        await app.ReviewHistory();
        Assert.Empty(await app.Found(id));

        await Fill(app, 1);
        await app.ReviewHistory();
        Assert.Equal([story.TransferIds], await app.Found(id));

        var late = new PaymentStory(id + "-late").Pays(0).Pays(1).Pays(2).Pays(3).Pays(4);
        await app.Replay(late.Events);
        await app.ReviewHistory();
        Assert.Empty(await app.Found(id + "-late"));

        await Fill(app, 2);
        await app.ReviewHistory();
        Assert.Equal([late.TransferIds], await app.Found(id + "-late"));
        Assert.Single(await app.Found(id));
    }

    [SkippableFact]
    public async Task Tables_that_were_reviewed_stay_so_when_a_slower_instance_notes_older_ones_afterwards()
    {
        var app = Start();
        foreach (var tables in (long[])[2, 1, 2])
        {
            if (tables == 1) await app.Replay(new PaymentStory(id).Pays(0).Pays(1).Pays(2).Pays(3).Pays(4).Events);
            await Fill(app, tables);
            await app.ReviewHistory();
        }

        Assert.Single(await app.Found(id));
        await app.Replay(new PaymentStory(id + "-late").Pays(0).Pays(1).Pays(2).Pays(3).Pays(4).Events);
        await app.ReviewHistory();
        Assert.Empty(await app.Found(id + "-late"));
    }

    [SkippableFact]
    public async Task What_comes_while_tables_with_other_columns_answer_is_reviewed_when_the_own_ones_do()
    {
        Skip.If(database is null, "BANK_TEST_POSTGRES names no PostgreSQL server.");
        await Execute(InsightsApp.DatabaseIn(database), "CREATE TABLE movement (account VARCHAR(64) NOT NULL, number BIGINT NOT NULL, PRIMARY KEY (account, number))");
        var app = Start();
        var story = new PaymentStory(id).Pays(0).Pays(1).Pays(2).Pays(3).Pays(4);
        var known = app.Services.GetRequiredService<BankDatabase>();
        // As an older program knew of the account, which may have heard of the same events.
        await Execute(known, $"INSERT INTO projection_subject (projection, generation, subject, seen, missing) VALUES ('spending', 0, '{id}', '0-9', 0)");
        await app.Handle(story.Events);
        await app.ReviewHistory();
        Assert.Empty(await app.Found(id));
        await app.Get($"/accounts/{id}/spending", HttpStatusCode.ServiceUnavailable);

        // As the swap does it.
        await Execute(known, "UPDATE projection_generation SET state = 2 WHERE generation = 0");
        await Execute(known, "UPDATE projection_generation SET state = 1, filled_us = 1 WHERE generation = 1");
        await Execute(known, "DROP VIEW movement; CREATE VIEW movement AS SELECT * FROM movement__1");
        await app.ReviewHistory();
        Assert.Equal([story.TransferIds], await app.Found(id));
    }

    private static PaymentStory Tell(string account, (int Kind, int Pause)[] steps)
    {
        var story = new PaymentStory(account);
        var now = 0;
        foreach (var (kind, pause) in steps)
        {
            now += pause;
            _ = kind switch { 0 => story.Withdraws(now), 1 => story.Receives(now, 5, "b"), _ => story.Pays(now) };
        }

        return story;
    }

    private static IEnumerable<Guid> Expected(PaymentStory story)
    {
        var transfers = story.Events.OfType<Contracts.Accounts.ReservationCaptured>().ToList();
        bool Crowded(int last) => last >= 4 && transfers[last].OccurredAt - transfers[last - 4].OccurredAt <= TimeSpan.FromMinutes(10);
        return Enumerable.Range(0, transfers.Count).Where(last => Crowded(last) && !Crowded(last - 1)).Select(last => transfers[last].TransferId!.Value);
    }

    private InsightsApp Start()
    {
        Skip.If(database is null, "BANK_TEST_POSTGRES names no PostgreSQL server.");
        started.Add(new InsightsApp(database));
        return started[^1];
    }

    // As the end of a fill notes it.
    private static async Task Fill(InsightsApp app, long at) =>
        Assert.Equal(1, await Execute(app.Services.GetRequiredService<BankDatabase>(), $"UPDATE projection_generation SET filled_us = {at}"));

    private static async Task<int> Execute(BankDatabase database, string sql)
    {
        await using var connection = await database.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteNonQueryAsync();
    }
}
