using System.Data.Common;
using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Persistence;
using Bank.ServiceBus.Sagas;

namespace Bank.ServiceBus.Persistence.Sql.Tests;

/// <summary>How sagas are stored, whatever the database.</summary>
public abstract class SagaBehaviour<TDatabase>(TDatabase database) : IClassFixture<TDatabase> where TDatabase : Database
{
    [SkippableFact]
    public async Task What_is_saved_is_found_by_id_and_by_correlation()
    {
        var persistence = await Install();
        var saved = NewOrder("o1");
        await InSession(persistence, (sagas, session, bag) => sagas.Save(saved, Correlation("o1"), session, bag));
        foreach (var byId in new[] { true, false })
        {
            await InSession(persistence, async (sagas, session, bag) =>
            {
                var found = byId ? await sagas.Get<OrderData>(saved.Id, session, bag) : await sagas.Get<OrderData>(nameof(OrderData.OrderId), "o1", session, bag);
                Assert.NotNull(found);
                Assert.Equal((saved.Id, "m1", "Sender"), (found.Id, found.OriginalMessageId, found.Originator));
                Assert.Equal(("o1", 3, saved.PaidAt, 12.34m), (found.OrderId, found.Lines, found.PaidAt, found.Price));
                Assert.Equal(saved.Notes, found.Notes);
            });
        }
    }

    [SkippableFact]
    public async Task What_is_not_there_is_not_found()
    {
        var persistence = await Install();
        await InSession(persistence, async (sagas, session, bag) =>
        {
            Assert.Null(await sagas.Get<OrderData>(Guid.NewGuid(), session, bag));
            Assert.Null(await sagas.Get<OrderData>(nameof(OrderData.OrderId), "nobody", session, bag));
        });
    }

    [SkippableFact]
    public async Task An_update_rewrites_the_state_and_counts_up()
    {
        var (persistence, prefix) = await InstallNamed();
        var order = NewOrder("o1");
        await InSession(persistence, (sagas, session, bag) => sagas.Save(order, Correlation("o1"), session, bag));
        for (var lines = 4; lines <= 5; lines++)
        {
            await InSession(persistence, async (sagas, session, bag) =>
            {
                var found = (await sagas.Get<OrderData>(order.Id, session, bag))!;
                found.Lines = lines;
                await sagas.Update(found, session, bag);
            });
        }

        Assert.Equal("3", Assert.Single(await database.Ask($"select \"Concurrency\" from \"{prefix}OrderSaga\"")));
        await InSession(persistence, async (sagas, session, bag) => Assert.Equal(5, (await sagas.Get<OrderData>(order.Id, session, bag))!.Lines));
    }

    [SkippableFact]
    public async Task A_completed_saga_is_gone()
    {
        var persistence = await Install();
        var order = NewOrder("o1");
        await InSession(persistence, (sagas, session, bag) => sagas.Save(order, Correlation("o1"), session, bag));
        await InSession(persistence, async (sagas, session, bag) => await sagas.Complete((await sagas.Get<OrderData>(order.Id, session, bag))!, session, bag));
        await InSession(persistence, async (sagas, session, bag) => Assert.Null(await sagas.Get<OrderData>(order.Id, session, bag)));
    }

    [SkippableFact]
    public async Task Of_two_messages_that_start_the_same_instance_the_second_fails()
    {
        var persistence = await Install();
        await InSession(persistence, (sagas, session, bag) => sagas.Save(NewOrder("o1"), Correlation("o1"), session, bag));
        await Assert.ThrowsAnyAsync<DbException>(() =>
            InSession(persistence, (sagas, session, bag) => sagas.Save(NewOrder("o1"), Correlation("o1"), session, bag)));
        await InSession(persistence, async (sagas, session, bag) => Assert.NotNull(await sagas.Get<OrderData>(nameof(OrderData.OrderId), "o1", session, bag)));
    }

    [SkippableFact]
    public async Task An_update_of_what_another_message_has_changed_fails()
    {
        var (persistence, prefix) = await InstallNamed();
        var order = NewOrder("o1");
        await InSession(persistence, (sagas, session, bag) => sagas.Save(order, Correlation("o1"), session, bag));
        await Assert.ThrowsAsync<InvalidOperationException>(() => InSession(persistence, async (sagas, session, bag) =>
        {
            var found = (await sagas.Get<OrderData>(order.Id, session, bag))!;
            await Execute(session, $"update \"{prefix}OrderSaga\" set \"Concurrency\" = 7");
            await sagas.Update(found, session, bag);
        }));
    }

    [SkippableFact]
    public async Task Messages_for_one_instance_take_turns()
    {
        var persistence = await Install();
        var order = NewOrder("o1");
        await InSession(persistence, (sagas, session, bag) => sagas.Save(order, Correlation("o1"), session, bag));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => InSession(persistence, async (sagas, session, bag) =>
        {
            var found = (await sagas.Get<OrderData>(order.Id, session, bag))!;
            found.Lines++;
            await Task.Yield();
            await sagas.Update(found, session, bag);
        })));
        await InSession(persistence, async (sagas, session, bag) => Assert.Equal(11, (await sagas.Get<OrderData>(order.Id, session, bag))!.Lines));
    }

    [SkippableFact]
    public async Task Nothing_stays_of_a_session_that_does_not_complete()
    {
        var persistence = await Install();
        var order = NewOrder("o1");
        await using (var session = persistence.CreateSession())
        {
            await session.Open(new ContextBag());
            await persistence.SagaPersister.Save(order, Correlation("o1"), session, new ContextBag());
        }

        await InSession(persistence, async (sagas, session, bag) => Assert.Null(await sagas.Get<OrderData>(order.Id, session, bag)));
    }

    [SkippableFact]
    public async Task State_that_cannot_be_read_is_a_failure_that_no_retry_mends()
    {
        var (persistence, prefix) = await InstallNamed();
        var order = NewOrder("o1");
        await InSession(persistence, (sagas, session, bag) => sagas.Save(order, Correlation("o1"), session, bag));
        await InSession(persistence, (_, session, _) => Execute(session, $"update \"{prefix}OrderSaga\" set \"Data\" = '[]'"));
        await Assert.ThrowsAsync<SerializationException>(() => InSession(persistence, (sagas, session, bag) => sagas.Get<OrderData>(order.Id, session, bag)));
        Assert.Contains(typeof(SerializationException), persistence.UnrecoverableExceptions);
    }

    [SkippableFact]
    public async Task Installing_again_changes_nothing()
    {
        var (persistence, _) = await InstallNamed();
        await InSession(persistence, (sagas, session, bag) => sagas.Save(NewOrder("o1"), Correlation("o1"), session, bag));
        await persistence.Install();
        await InSession(persistence, async (sagas, session, bag) => Assert.NotNull(await sagas.Get<OrderData>(nameof(OrderData.OrderId), "o1", session, bag)));
    }

    protected static async Task InSession(
        PersistenceInfrastructure persistence, Func<ISagaPersister, ICompletableSynchronizedStorageSession, ContextBag, Task> act)
    {
        var bag = new ContextBag();
        await using var session = persistence.CreateSession();
        await session.Open(bag);
        await act(persistence.SagaPersister, session, bag);
        await session.CompleteAsync();
    }

    private async Task<PersistenceInfrastructure> Install() => (await InstallNamed()).Persistence;

    private async Task<(PersistenceInfrastructure Persistence, string Prefix)> InstallNamed()
    {
        Skip.If(database.Missing is not null, database.Missing);
        var prefix = $"T{Guid.NewGuid():N}"[..10] + "_";
        return (await database.Install(prefix), prefix);
    }

    private static async Task Execute(ISynchronizedStorageSession session, string sql)
    {
        var open = session.SqlPersistenceSession();
        await using var command = open.Connection.CreateCommand();
        command.Transaction = open.Transaction;
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    private static SagaCorrelationProperty Correlation(string id) => new(nameof(OrderData.OrderId), id);

    private static OrderData NewOrder(string id) => new()
    {
        Id = Guid.NewGuid(),
        OriginalMessageId = "m1",
        Originator = "Sender",
        OrderId = id,
        Lines = 3,
        PaidAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1230),
        Price = 12.34m,
        Notes = ["ä", "2026-01-01T00:00:00Z"],
    };
}

public sealed class SqliteSagaTests(SqliteDatabase database) : SagaBehaviour<SqliteDatabase>(database);

public sealed class PostgreSqlSagaTests(PostgreSqlDatabase database) : SagaBehaviour<PostgreSqlDatabase>(database);

public sealed class MsSqlServerSagaTests(MsSqlServerDatabase database) : SagaBehaviour<MsSqlServerDatabase>(database);
