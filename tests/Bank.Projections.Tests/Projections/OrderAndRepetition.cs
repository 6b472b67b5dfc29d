using Bank.Contracts;
using Bank.Hosting;
using Bank.Testing.Servers;
using CsCheck;

namespace Bank.Projections.Tests.Projections;

/// <summary>Messages come twice and out of order, to several processes at a time; the tables must not show it.</summary>
public abstract class OrderAndRepetition(DatabaseKind kind, int histories) : IAsyncLifetime
{
    private static readonly Gen<(IBankEvent[] Events, int Seed)> Histories =
        Gen.Select(Gen.Select(Gen.Int[0, 7], Gen.Long[1, 100_000]).Array[1, 12], Gen.Int[0, 3], Gen.Bool, Gen.Int)
            .Select((steps, transfers, closed, seed) => (Tell(steps, transfers, closed), seed));

    private EndpointDatabase? database;

    public async Task InitializeAsync() => database = await EndpointDatabase.Create(kind);

    public async Task DisposeAsync()
    {
        if (database is not null) await database.DisposeAsync();
    }

    [SkippableFact]
    public async Task Shuffled_and_repeated_events_give_the_same_tables_as_events_in_order()
    {
        Skip.If(database is null, "BANK_TEST_POSTGRES names no PostgreSQL server.");
        await using var one = new ReadModel(database.Database);
        await using var other = new ReadModel(database.Database);
        await one.Prepare();
        await Histories.SampleAsync(
            async history =>
            {
                await one.Clear();
                foreach (var @event in history.Events) await one.Handle(@event);
                var inOrder = await one.Dump();

                await one.Clear();
                var random = new Random(history.Seed);
                var again = history.Events.Concat(history.Events.Where(_ => random.Next(2) == 0)).ToArray();
                random.Shuffle(again);
                await Task.WhenAll(again.Select((@event, index) => (index % 2 == 0 ? one : other).Handle(@event)));
                Assert.Equal(inOrder, await one.Dump());
                Assert.Equal(0, await one.Number("SELECT COALESCE(SUM(amount), 0) FROM ledger_entry"));
            },
            iter: histories, threads: 1);
    }

    [SkippableFact]
    public async Task A_batch_that_cannot_be_written_fails_alone()
    {
        Skip.If(database is null, "BANK_TEST_POSTGRES names no PostgreSQL server.");
        await using var model = new ReadModel(database.Database);
        await model.Prepare();
        var good = Enumerable.Range(0, 20).Select(number => new AccountStory($"neighbour-{number}").Opened().Events[0]).ToArray();
        // Longer than any currency is, which only PostgreSQL minds; no account at all, which both do.
        var bad = new AccountStory(null!).Opened().Events[0];

        var writes = good.Take(10).Append(bad).Concat(good.Skip(10)).Select(model.Handle).ToArray();

        await Assert.ThrowsAnyAsync<Exception>(() => writes[10]);
        await Task.WhenAll(writes.Where((_, index) => index != 10));
        Assert.Equal(20, await model.Number("SELECT COUNT(*) FROM account"));
    }

    private static IBankEvent[] Tell((int Kind, long Amount)[] steps, int transfers, bool closed)
    {
        var first = new AccountStory("first").Opened(5_000);
        var second = new AccountStory("second").Refused("Deposit").Opened();
        foreach (var (kind, amount) in steps)
        {
            var transfer = Guid.NewGuid();
            _ = kind switch
            {
                0 => first.Deposited(amount),
                1 => first.Withdrawn(amount),
                2 => first.WithdrawalDeclined(amount),
                3 => first.Reserved(transfer, amount).Captured(transfer, amount),
                4 => first.Reserved(transfer, amount).Released(transfer, amount),
                5 => second.Credited(transfer, amount),
                6 => second.Deposited(amount),
                _ => second.Withdrawn(amount),
            };
        }

        if (closed) second.Closed();
        IEnumerable<IBankEvent> ofTransfers = Enumerable.Range(0, transfers).SelectMany(number =>
        {
            var story = new TransferStory(Guid.NewGuid(), 100 + number);
            return new IBankEvent[] { story.Initiated(), number % 2 == 0 ? story.Completed() : story.Failed() };
        });
        return [.. first.Events, .. second.Events, .. ofTransfers];
    }
}

public sealed class OrderAndRepetitionOnSqlite() : OrderAndRepetition(DatabaseKind.Sqlite, 25);

public sealed class OrderAndRepetitionOnPostgreSql() : OrderAndRepetition(DatabaseKind.PostgreSql, 15);
