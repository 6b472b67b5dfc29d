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
    public void What_a_member_begins_with_does_not_come_back_after_it_was_changed()
    {
        var json = new SagaJson(null);
        var stored = json.Write(new BegunData { Attempts = 0, Open = false, Reason = null, Limit = TimeSpan.Zero, Steps = ["begun", "ended"] });
        var read = json.Read<BegunData>(stored);
        Assert.Equal((0, false, null, TimeSpan.Zero), (read.Attempts, read.Open, read.Reason, read.Limit));
        Assert.Equal(["begun", "ended"], read.Steps);
        Assert.Equal(["kept"], json.Read<BegunData>(json.Write(new BegunData { Fixed = { "kept" } })).Fixed);
        Assert.DoesNotContain("Plain", stored, StringComparison.Ordinal);
    }

    private sealed class BegunData : ContainSagaData
    {
        public int Attempts { get; set; } = 3;

        public bool Open { get; set; } = true;

        public string? Reason { get; set; } = "none";

        public TimeSpan Limit { get; set; } = TimeSpan.FromDays(1);

        public List<string> Steps { get; set; } = ["begun"];

        public List<string> Fixed { get; } = [];

        public int Plain { get; set; }

        [Newtonsoft.Json.JsonIgnore]
        public string First => Fixed[0];
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
