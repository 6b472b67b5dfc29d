using System.Data.Common;
using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Outbox;
using Bank.ServiceBus.Persistence;
using Bank.ServiceBus.Sagas;
using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Persistence.Sql.Tests;

/// <summary>What becomes of messages that are handled at the same time, or twice.</summary>
public abstract class ConcurrencyBehaviour<TDatabase>(TDatabase database) : IClassFixture<TDatabase> where TDatabase : Database
{
    private const int Messages = 8;
    private static readonly Dictionary<string, string> None = [];

    [SkippableFact]
    public async Task Messages_that_start_one_instance_at_once_all_count_and_make_one_instance()
    {
        var (persistence, prefix) = await Install();
        var together = new Meeting(Messages);
        await Task.WhenAll(Enumerable.Range(0, Messages).Select(number => HandleUntilDone(persistence, $"m{number}", together)));
        Assert.Equal($"{Messages}", Assert.Single(await database.Ask($"select \"Concurrency\" from \"{prefix}OrderSaga\"")));
        Assert.Equal($"{Messages}", Assert.Single(await database.Ask($"select count(*) from \"{prefix}OutboxData\"")));
    }

    [SkippableFact]
    public async Task One_message_handled_several_times_at_once_has_one_effect()
    {
        var (persistence, prefix) = await Install();
        // The instance is there already: the record of the message alone keeps the others out.
        await Handle(persistence, "m0");
        var together = new Meeting(Messages);
        await Task.WhenAll(Enumerable.Range(0, Messages).Select(_ => HandleUntilDone(persistence, "m1", together)));
        Assert.Equal("2", Assert.Single(await database.Ask($"select \"Concurrency\" from \"{prefix}OrderSaga\"")));
        Assert.Equal("2", Assert.Single(await database.Ask($"select count(*) from \"{prefix}OutboxData\"")));
    }

    [SkippableFact]
    public async Task With_pessimistic_control_one_message_handled_several_times_at_once_runs_once()
    {
        var (persistence, prefix) = await Install(values => values.PessimisticOutbox = true);
        var (together, begun) = (new Meeting(Messages), 0);
        await Task.WhenAll(Enumerable.Range(0, Messages).Select(_ => HandleUntilDone(persistence, "m1", together, () => Interlocked.Increment(ref begun))));
        Assert.Equal(1, begun);
        Assert.Equal("1", Assert.Single(await database.Ask($"select \"Concurrency\" from \"{prefix}OrderSaga\"")));
        Assert.Equal("out-m1", Assert.Single((await persistence.OutboxStorage!.Get("m1", new ContextBag()))!.TransportOperations).MessageId);
    }

    [SkippableFact]
    public async Task What_was_stored_but_not_sent_is_found_with_its_operations_after_a_crash()
    {
        var (persistence, prefix) = await Install();
        await Handle(persistence, "m1");
        var restarted = (await database.Install(prefix)).OutboxStorage!;
        Assert.Equal("out-m1", Assert.Single((await restarted.Get("m1", new ContextBag()))!.TransportOperations).MessageId);
    }

    [SkippableFact]
    public async Task Completing_what_another_message_has_changed_fails_and_the_instance_stays()
    {
        var (persistence, prefix) = await Install();
        await Handle(persistence, "m1");
        await using (var session = persistence.CreateSession())
        {
            var bag = new ContextBag();
            await session.Open(bag);
            var order = (await Find(persistence, session, bag))!;
            var open = session.SqlPersistenceSession();
            await using var command = open.Connection.CreateCommand();
            command.Transaction = open.Transaction;
            command.CommandText = $"update \"{prefix}OrderSaga\" set \"Concurrency\" = 7";
            await command.ExecuteNonQueryAsync();
            await Assert.ThrowsAsync<InvalidOperationException>(() => persistence.SagaPersister.Complete(order, session, bag));
        }

        Assert.Equal("1", Assert.Single(await database.Ask($"select \"Concurrency\" from \"{prefix}OrderSaga\"")));
    }

    [SkippableFact]
    public async Task Instances_are_found_by_the_correlation_property_alone()
    {
        var (persistence, _) = await Install();
        await using var session = persistence.CreateSession();
        await session.Open(new ContextBag());
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => persistence.SagaPersister.Get<OrderData>(nameof(OrderData.Lines), 1, session, new ContextBag()));
        Assert.Contains("Lines is not its correlation property", error.Message);
    }

    /// <summary>Tries again after a failure, as recoverability does.</summary>
    private static async Task HandleUntilDone(PersistenceInfrastructure persistence, string messageId, Meeting together, Action? begun = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await Handle(persistence, messageId, attempt == 1 ? together : null, begun);
                return;
            }
            catch (Exception exception) when (exception is DbException or InvalidOperationException && attempt <= Messages)
            {
                // Another message was faster.
            }
        }
    }

    private static async Task Handle(PersistenceInfrastructure persistence, string messageId, Meeting? together = null, Action? begun = null)
    {
        var bag = new ContextBag();
        bag.Set(new IncomingMessage(messageId, [], default));
        var outbox = persistence.OutboxStorage!;
        if (await outbox.Get(messageId, bag) is not null) return;
        if (together is not null) await together.Arrive();
        await using var transaction = await outbox.BeginTransaction(bag);
        begun?.Invoke();
        await using var session = persistence.CreateSession();
        await session.TryOpen(transaction, bag);
        if (await Find(persistence, session, bag) is { } order)
        {
            order.Lines++;
            await persistence.SagaPersister.Update(order, session, bag);
        }
        else
        {
            await persistence.SagaPersister.Save(
                new OrderData { Id = Guid.NewGuid(), OrderId = "o1", Lines = 1 }, new SagaCorrelationProperty(nameof(OrderData.OrderId), "o1"), session, bag);
        }

        await session.CompleteAsync();
        await outbox.Store(new OutboxMessage(messageId, [new OutboxOperation("out-" + messageId, None, new byte[] { 1 }, None)]), transaction, bag);
        await transaction.Commit();
    }

    private static Task<OrderData?> Find(PersistenceInfrastructure persistence, ISynchronizedStorageSession session, ContextBag bag) =>
        persistence.SagaPersister.Get<OrderData>(nameof(OrderData.OrderId), "o1", session, bag);

    /// <summary>Lets nobody begin before all have looked in vain for a record of their message.</summary>
    private sealed class Meeting(int expected)
    {
        private readonly TaskCompletionSource complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int missing = expected;

        public Task Arrive()
        {
            if (Interlocked.Decrement(ref missing) == 0) complete.SetResult();
            return complete.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    private async Task<(PersistenceInfrastructure Persistence, string Prefix)> Install(Action<SqlPersistenceValues>? configure = null)
    {
        Skip.If(database.Missing is not null, database.Missing);
        var prefix = $"C{Guid.NewGuid():N}"[..10] + "_";
        return (await database.Install(prefix, configure: configure), prefix);
    }
}

public sealed class SqliteConcurrencyTests(SqliteDatabase database) : ConcurrencyBehaviour<SqliteDatabase>(database);

public sealed class PostgreSqlConcurrencyTests(PostgreSqlDatabase database) : ConcurrencyBehaviour<PostgreSqlDatabase>(database);

public sealed class MsSqlServerConcurrencyTests(MsSqlServerDatabase database) : ConcurrencyBehaviour<MsSqlServerDatabase>(database);
