using System.Data.Common;
using System.Text;
using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Outbox;
using Bank.ServiceBus.Persistence;
using Bank.ServiceBus.Persistence.Sql;
using Bank.ServiceBus.Sagas;

namespace Bank.ServiceBus.Persistence.Sql.Tests;

/// <summary>How outgoing operations are stored together with what handlers write, whatever the database.</summary>
public abstract class OutboxBehaviour<TDatabase>(TDatabase database) : IClassFixture<TDatabase> where TDatabase : Database
{
    private static readonly OutboxOperation Operation = new(
        "out-1", new Dictionary<string, string> { ["Destination"] = "Other", ["DelayDeliveryFor"] = "00:00:10" },
        Encoding.UTF8.GetBytes("{\"Ä\":1}"), new Dictionary<string, string> { ["NServiceBus.MessageId"] = "out-1", ["when"] = "2026-01-01T00:00:00Z" });

    [SkippableFact]
    public async Task A_message_that_was_not_handled_has_no_record()
    {
        var (outbox, _, _) = await Install();
        Assert.Null(await outbox.Get("m1", new ContextBag()));
    }

    [SkippableFact]
    public async Task A_stored_record_comes_back_whole()
    {
        var (outbox, _, _) = await Install();
        await Store(outbox, "m1", Operation);
        var stored = Assert.Single((await outbox.Get("m1", new ContextBag()))!.TransportOperations);
        Assert.Equal(Operation.MessageId, stored.MessageId);
        Assert.Equal(Operation.Options, stored.Options);
        Assert.Equal(Operation.Headers, stored.Headers);
        Assert.Equal(Operation.Body.ToArray(), stored.Body.ToArray());
    }

    [SkippableFact]
    public async Task A_record_of_what_was_sent_forgets_the_operations()
    {
        var (outbox, _, prefix) = await Install();
        await Store(outbox, "m1", Operation);
        await outbox.SetAsDispatched("m1", new ContextBag());
        Assert.Empty((await outbox.Get("m1", new ContextBag()))!.TransportOperations);
        Assert.Equal("[]", Assert.Single(await database.Ask($"select \"Operations\" from \"{prefix}OutboxData\"")));
    }

    [SkippableFact]
    public async Task Of_two_handlings_of_one_message_the_second_fails()
    {
        var (outbox, _, _) = await Install();
        await Store(outbox, "m1", Operation);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store(outbox, "m1", Operation));
        await Assert.ThrowsAnyAsync<DbException>(() => StoreWithOwnChange(outbox, "m1"));
    }

    [SkippableFact]
    public async Task Of_many_records_stored_at_the_same_moment_each_is_written_once()
    {
        var (outbox, _, prefix) = await Install();
        string[] ids = [.. Enumerable.Range(0, 300).Select(number => "m" + number % 100)];
        var stored = await Task.WhenAll(ids.Select(async id =>
        {
            try
            {
                await Store(outbox, id, Operation with { MessageId = "out-" + id });
                return id;
            }
            catch (InvalidOperationException)
            {
                return null;
            }
        }));
        Assert.Equal(ids.Distinct().Order(), stored.OfType<string>().Order());
        await Task.WhenAll(ids.Distinct().Select(async id => Assert.Equal("out-" + id, (await outbox.Get(id, new ContextBag()))!.TransportOperations.Single().MessageId)));
        await Task.WhenAll(ids.Distinct().Where(id => id != "m7").Select(id => outbox.SetAsDispatched(id, new ContextBag())));
        Assert.Equal("m7", Assert.Single(await database.Ask($"select \"MessageId\" from \"{prefix}OutboxData\" where \"DispatchedAt\" is null")));
    }

    [SkippableFact]
    public async Task A_record_that_cannot_be_written_or_read_does_not_take_others_with_it()
    {
        var (outbox, _, prefix) = await Install();
        await database.Ask($"insert into \"{prefix}OutboxData\" (\"MessageId\", \"Operations\", \"PersistenceVersion\") values ('unreadable', '7', '1.0.0.0')");
        var reads = Enumerable.Range(0, 50).Select(number => outbox.Get(number == 20 ? "unreadable" : "m" + number, new ContextBag())).ToArray();
        await Assert.ThrowsAsync<SerializationException>(() => reads[20]);
        Assert.All(await Task.WhenAll(reads.Where((_, number) => number != 20)), Assert.Null);
        if (database is not PostgreSqlDatabase) return;
        // PostgreSQL keeps no zero character in JSON.
        var writes = Enumerable.Range(0, 50).Select(number => Store(outbox, "m" + number, Operation with { MessageId = number == 20 ? "\0" : "fine" })).ToArray();
        await Assert.ThrowsAnyAsync<DbException>(() => writes[20]);
        await Task.WhenAll(writes.Where((_, number) => number != 20));
    }

    [SkippableFact]
    public async Task Without_a_commit_neither_record_nor_saga_nor_the_handlers_own_rows_stay()
    {
        var (outbox, persistence, prefix) = await Install();
        await Handle(outbox, persistence, prefix, commit: false);
        Assert.Null(await outbox.Get("m1", new ContextBag()));
        Assert.Equal(["0", "0"], await Counts(prefix));
        await Handle(outbox, persistence, prefix, commit: true);
        Assert.NotNull(await outbox.Get("m1", new ContextBag()));
        Assert.Equal(["1", "1"], await Counts(prefix));
    }

    [SkippableFact]
    public async Task Old_records_of_what_was_sent_are_removed_and_others_stay()
    {
        var (outbox, _, prefix) = await Install();
        foreach (var id in new[] { "sent", "unsent" }) await Store(outbox, id, Operation);
        await outbox.SetAsDispatched("sent", new ContextBag());
        await outbox.RemoveDispatchedBefore(DateTimeOffset.UtcNow.AddHours(-1), CancellationToken.None);
        Assert.Equal(2, (await database.Ask($"select 1 from \"{prefix}OutboxData\"")).Count);
        await outbox.RemoveDispatchedBefore(DateTimeOffset.UtcNow.AddHours(1), CancellationToken.None);
        Assert.Equal("unsent", Assert.Single(await database.Ask($"select \"MessageId\" from \"{prefix}OutboxData\"")));
    }

    [SkippableFact]
    public async Task More_old_records_than_fit_in_a_batch_are_all_removed()
    {
        var (outbox, _, prefix) = await Install();
        // Numbers and instants as each database writes them.
        var rows = database switch
        {
            SqliteDatabase => "with recursive n(i) as (select 1 union all select i + 1 from n where i < 4001) select 'old' || i, true, '2026-01-01T00:00:00.000000Z', '1.0.0.0', '[]' from n",
            PostgreSqlDatabase => "select 'old' || i, true, timestamp '2026-01-01', '1.0.0.0', '[]'::jsonb from generate_series(1, 4001) as n(i)",
            _ => "select top (4001) concat('old', row_number() over (order by (select null))), 1, '2026-01-01', '1.0.0.0', '[]' from sys.all_objects a cross join sys.all_objects b",
        };
        await database.Ask($"insert into \"{prefix}OutboxData\" (\"MessageId\", \"Dispatched\", \"DispatchedAt\", \"PersistenceVersion\", \"Operations\") {rows}");
        await Store(outbox, "unsent", Operation);
        await outbox.RemoveDispatchedBefore(new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero), CancellationToken.None);
        Assert.Equal("unsent", Assert.Single(await database.Ask($"select \"MessageId\" from \"{prefix}OutboxData\"")));
    }

    [SkippableFact]
    public async Task What_is_to_run_before_the_commit_runs_in_order_and_inside_the_transaction()
    {
        var (outbox, persistence, _) = await Install();
        var ran = new List<string>();
        await using var transaction = await outbox.BeginTransaction(new ContextBag());
        await using var session = persistence.CreateSession();
        Assert.True(await session.TryOpen(transaction, new ContextBag()));
        session.SqlPersistenceSession().OnSaveChanges((open, _) => Note("first", open));
        session.SqlPersistenceSession().OnSaveChanges((open, _) => Note("second", open));
        await session.CompleteAsync();
        Assert.Equal(["first", "second"], ran);

        Task Note(string name, ISqlStorageSession open)
        {
            Assert.NotNull(open.Transaction.Connection);
            ran.Add(name);
            return Task.CompletedTask;
        }
    }

    private async Task<string[]> Counts(string prefix) =>
        [(await database.Ask($"select count(*) from \"{prefix}OrderSaga\""))[0], (await database.Ask($"select count(*) from \"{prefix}own\""))[0]];

    private static async Task Handle(IOutboxStorage outbox, PersistenceInfrastructure persistence, string prefix, bool commit)
    {
        var bag = new ContextBag();
        await using var transaction = await outbox.BeginTransaction(bag);
        await using var session = persistence.CreateSession();
        await session.TryOpen(transaction, bag);
        await persistence.SagaPersister.Save(
            new OrderData { Id = Guid.NewGuid(), OrderId = "o1" }, new SagaCorrelationProperty(nameof(OrderData.OrderId), "o1"), session, bag);
        var open = session.SqlPersistenceSession();
        await using var command = open.Connection.CreateCommand();
        command.Transaction = open.Transaction;
        command.CommandText = $"insert into \"{prefix}own\" values (1)";
        await command.ExecuteNonQueryAsync();
        await session.CompleteAsync();
        await outbox.Store(new OutboxMessage("m1", [Operation]), transaction, bag);
        if (commit) await transaction.Commit();
    }

    private static async Task Store(IOutboxStorage outbox, string id, params OutboxOperation[] operations)
    {
        await using var transaction = await outbox.BeginTransaction(new ContextBag());
        await outbox.Store(new OutboxMessage(id, operations), transaction, new ContextBag());
        await transaction.Commit();
    }

    private static async Task StoreWithOwnChange(IOutboxStorage outbox, string id)
    {
        await using var transaction = (SqlTransaction)await outbox.BeginTransaction(new ContextBag());
        Assert.NotNull(transaction.Connection);
        await outbox.Store(new OutboxMessage(id, []), transaction, new ContextBag());
        await transaction.Commit();
    }

    private async Task<(SqlOutboxStorage Outbox, PersistenceInfrastructure Persistence, string Prefix)> Install()
    {
        Skip.If(database.Missing is not null, database.Missing);
        var prefix = $"O{Guid.NewGuid():N}"[..10] + "_";
        var persistence = await database.Install(prefix);
        await database.Ask($"create table \"{prefix}own\" (id int)");
        return ((SqlOutboxStorage)persistence.OutboxStorage!, persistence, prefix);
    }
}

public sealed class SqliteOutboxTests(SqliteDatabase database) : OutboxBehaviour<SqliteDatabase>(database);

public sealed class PostgreSqlOutboxTests(PostgreSqlDatabase database) : OutboxBehaviour<PostgreSqlDatabase>(database);

public sealed class MsSqlServerOutboxTests(MsSqlServerDatabase database) : OutboxBehaviour<MsSqlServerDatabase>(database);
