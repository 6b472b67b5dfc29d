using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Persistence;
using Bank.ServiceBus.Sagas;
using Newtonsoft.Json;

namespace Bank.ServiceBus.Persistence.Sql.Tests;

/// <summary>Rows to the letter as NServiceBus.Persistence.Sql 9.0.3 writes them, read and continued here; and what is written here, read in its way.</summary>
public abstract class ForeignRowBehaviour<TDatabase>(TDatabase database) : IClassFixture<TDatabase> where TDatabase : Database
{
    private const string Metadata = """
        {
          "OriginalMessageId": "5f6b2d0e-5a0c-4f0e-9f5c-b3d700c5c0a1",
          "Originator": "Sender"
        }
        """;

    // With a member that this version of the class does not have.
    private const string State = """
        {
          "OrderId": "ö1",
          "Lines": 3,
          "PaidAt": "2026-01-02T03:04:05.000123+01:00",
          "Price": 12.30,
          "Notes": [
            "ä",
            "2026-01-01T00:00:00Z"
          ],
          "Since": 7
        }
        """;

    private const string Operations = """
        [
          {
            "Body": "eyLDhCI6MX0=",
            "Headers": {
              "NServiceBus.MessageId": "out-1",
              "when": "2026-01-01T00:00:00Z"
            },
            "MessageId": "out-1",
            "Options": {
              "Destination": "Other",
              "DelayDeliveryFor": "1.12:00:00",
              "Some.Transports.Property": "7"
            }
          },
          {
            "Headers": {},
            "MessageId": "out-2",
            "Options": {
              "EventType": "Bank.Orders.OrderPlaced, Bank.Messages, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null"
            }
          }
        ]
        """;

    private static readonly Guid Id = new("7d5b4b5e-31b5-4c4a-8f0e-b3d700c5c0a1");

    // How the package reads and writes, apart from the members that have columns.
    private static readonly JsonSerializerSettings Theirs = new() { Formatting = Formatting.Indented, DefaultValueHandling = DefaultValueHandling.Ignore };

    private readonly string prefix = $"F{Guid.NewGuid():N}"[..10] + "_";

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task State_that_the_package_stored_is_found_and_continued_and_completed(bool byId)
    {
        var persistence = await Install();
        await persistence.InSession(async (session, bag) =>
        {
            var found = (await Find(persistence, byId, session, bag))!;
            Assert.Equal((Id, "5f6b2d0e-5a0c-4f0e-9f5c-b3d700c5c0a1", "Sender"), (found.Id, found.OriginalMessageId, found.Originator));
            Assert.Equal(("ö1", 3, 12.30m), (found.OrderId, found.Lines, found.Price));
            Assert.Equal(DateTimeOffset.Parse("2026-01-02T03:04:05.000123+01:00", System.Globalization.CultureInfo.InvariantCulture), found.PaidAt);
            Assert.Equal(["ä", "2026-01-01T00:00:00Z"], found.Notes);
            (found.Lines, found.PaidAt) = (4, null);
            await persistence.SagaPersister.Update(found, session, bag);
        });

        Assert.Equal(["6"], await database.Ask($"select \"Concurrency\" from \"{prefix}OrderSaga\""));
        // Which package is the reader's own affair; but it parses the version of the class.
        foreach (var column in new[] { "PersistenceVersion", "SagaTypeVersion" })
            Assert.Matches(@"^\d+\.\d+\.\d+\.\d+$", Assert.Single(await database.Ask($"select \"{column}\" from \"{prefix}OrderSaga\"")));
        Assert.Equal(Metadata, Assert.Single(await database.Ask($"select \"Metadata\" from \"{prefix}OrderSaga\"")));
        var read = JsonConvert.DeserializeObject<OrderData>(Assert.Single(await database.Ask($"select \"Data\" from \"{prefix}OrderSaga\"")), Theirs)!;
        Assert.Equal(("ö1", 4, null, 12.30m), (read.OrderId, read.Lines, read.PaidAt, read.Price));
        Assert.Equal(["ä", "2026-01-01T00:00:00Z"], read.Notes);

        await persistence.InSession(async (session, bag) => await persistence.SagaPersister.Complete((await Find(persistence, byId, session, bag))!, session, bag));
        Assert.Empty(await database.Ask($"select 1 from \"{prefix}OrderSaga\""));
    }

    [SkippableFact]
    public async Task A_message_that_would_start_what_the_package_has_started_fails_and_changes_nothing()
    {
        var persistence = await Install();
        var second = new OrderData { Id = Guid.NewGuid(), OrderId = "ö1" };
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => persistence.InSession((session, bag) =>
            persistence.SagaPersister.Save(second, new SagaCorrelationProperty(nameof(OrderData.OrderId), "ö1"), session, bag)));
        Assert.Equal(["5"], await database.Ask($"select \"Concurrency\" from \"{prefix}OrderSaga\""));
    }

    [SkippableFact]
    public async Task What_the_package_stored_but_did_not_send_comes_back_whole_and_is_marked()
    {
        var outbox = (await Install()).OutboxStorage!;
        // SQL Server pads short texts with spaces.
        await Insert("OutboxData", ("MessageId", "m1"), ("PersistenceVersion", "9.0.3.0"), ("Operations", Operations + new string(' ', 100)));
        var stored = (await outbox.Get("m1", new ContextBag()))!.TransportOperations;
        Assert.Equal(["out-1", "out-2"], stored.Select(operation => operation.MessageId));
        Assert.Equal("{\"Ä\":1}", System.Text.Encoding.UTF8.GetString(stored[0].Body.Span));
        Assert.Equal(new Dictionary<string, string> { ["NServiceBus.MessageId"] = "out-1", ["when"] = "2026-01-01T00:00:00Z" }, stored[0].Headers);
        Assert.Equal(("Other", "1.12:00:00"), (stored[0].Options["Destination"], stored[0].Options["DelayDeliveryFor"]));
        Assert.Equal(0, stored[1].Body.Length);
        Assert.StartsWith("Bank.Orders.OrderPlaced, Bank.Messages, Version=1.0.0.0", stored[1].Options["EventType"], StringComparison.Ordinal);

        await outbox.SetAsDispatched("m1", new ContextBag());
        Assert.Empty((await outbox.Get("m1", new ContextBag()))!.TransportOperations);
        await ((SqlOutboxStorage)outbox).RemoveDispatchedBefore(DateTimeOffset.UtcNow.AddDays(1), CancellationToken.None);
        Assert.Null(await outbox.Get("m1", new ContextBag()));
    }

    private async Task<PersistenceInfrastructure> Install()
    {
        Skip.If(database.Missing is not null, database.Missing);
        var persistence = await database.Install(prefix);
        await Insert(
            "OrderSaga", ("Id", Id.ToString()), ("Metadata", Metadata), ("Data", State), ("PersistenceVersion", "9.0.3.0"), ("SagaTypeVersion", "2.1.0.0"), ("Concurrency", "5"),
            ("Correlation_OrderId", "ö1"));
        return persistence;
    }

    private Task Insert(string table, params (string Name, string Value)[] columns) => database.Ask($"""
        insert into "{prefix}{table}" ({string.Join(", ", columns.Select(column => $"\"{column.Name}\""))})
        values ({string.Join(", ", columns.Select(column => $"{(database is MsSqlServerDatabase ? "N" : "")}'{column.Value}'"))})
        """);

    private static Task<OrderData?> Find(PersistenceInfrastructure persistence, bool byId, ISynchronizedStorageSession session, ContextBag bag) =>
        byId ? persistence.SagaPersister.Get<OrderData>(Id, session, bag) : persistence.SagaPersister.Get<OrderData>(nameof(OrderData.OrderId), "ö1", session, bag);
}

public sealed class SqliteForeignRowTests(SqliteDatabase database) : ForeignRowBehaviour<SqliteDatabase>(database);

public sealed class PostgreSqlForeignRowTests(PostgreSqlDatabase database) : ForeignRowBehaviour<PostgreSqlDatabase>(database);

public sealed class MsSqlServerForeignRowTests(MsSqlServerDatabase database) : ForeignRowBehaviour<MsSqlServerDatabase>(database);
