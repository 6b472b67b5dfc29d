using System.Text;
using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Outbox;
using Bank.ServiceBus.Sagas;

namespace Bank.ServiceBus.Persistence.Sql.Tests;

/// <summary>The stored texts to the letter. SQLite keeps them as written; jsonb does not.</summary>
public sealed class StoredJsonTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task State_is_indented_and_leaves_out_default_values_and_what_has_columns()
    {
        await Save("Json_", new OrderData { Id = Guid.NewGuid(), OriginalMessageId = "m1", Originator = "Sender", OrderId = "ö1", Price = 12.30m, Notes = ["a"] });
        Assert.Equal(
            """
            {
              "OrderId": "ö1",
              "Price": 12.30,
              "Notes": [
                "a"
              ]
            }
            """,
            await One("""select "Data" from "Json_OrderSaga" """), ignoreLineEndingDifferences: true);
        Assert.Equal("""{"OriginalMessageId":"m1","Originator":"Sender"}""", await One("""select "Metadata" from "Json_OrderSaga" """));
    }

    [Fact]
    public async Task Metadata_has_only_what_is_known()
    {
        await Save("Bare_", new OrderData { Id = Guid.NewGuid(), OrderId = "o1" });
        Assert.Equal("{}", await One("""select "Metadata" from "Bare_OrderSaga" """));
    }

    [Fact]
    public async Task Versions_have_four_parts()
    {
        await Save("Version_", new OrderData { Id = Guid.NewGuid(), OrderId = "o1" });
        foreach (var column in new[] { "PersistenceVersion", "SagaTypeVersion" })
            Assert.Matches(@"^\d+\.\d+\.\d+\.\d+$", await One($"select \"{column}\" from \"Version_OrderSaga\""));
    }

    [Fact]
    public async Task Operations_are_an_array_with_the_members_in_the_order_of_the_package()
    {
        var outbox = (await database.Install("Operations_")).OutboxStorage!;
        await using (var transaction = await outbox.BeginTransaction(new ContextBag()))
        {
            var operation = new OutboxOperation(
                "out-1", new Dictionary<string, string> { ["Destination"] = "Other" }, Encoding.UTF8.GetBytes("{}"), new Dictionary<string, string> { ["h"] = "v" });
            await outbox.Store(new OutboxMessage("m1", [operation]), transaction, new ContextBag());
            await transaction.Commit();
        }

        Assert.Equal(
            """
            [
              {
                "Body": "e30=",
                "Headers": {
                  "h": "v"
                },
                "MessageId": "out-1",
                "Options": {
                  "Destination": "Other"
                }
              }
            ]
            """,
            await One("""select "Operations" from "Operations_OutboxData" """), ignoreLineEndingDifferences: true);
    }

    private async Task Save(string prefix, OrderData order)
    {
        var persistence = await database.Install(prefix);
        await using var session = persistence.CreateSession();
        await session.Open(new ContextBag());
        await persistence.SagaPersister.Save(order, new SagaCorrelationProperty(nameof(OrderData.OrderId), order.OrderId), session, new ContextBag());
        await session.CompleteAsync();
    }

    private async Task<string> One(string sql) => Assert.Single(await database.Ask(sql));
}
