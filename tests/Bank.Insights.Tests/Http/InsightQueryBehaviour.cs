using System.Net;
using System.Text.Json;
using Bank.Hosting;
using Bank.Testing.Servers;

namespace Bank.Insights.Tests.Http;

public sealed class InsightQueriesOnSqlite() : InsightQueryBehaviour(DatabaseKind.Sqlite);

public sealed class InsightQueriesOnPostgreSql() : InsightQueryBehaviour(DatabaseKind.PostgreSql);

/// <summary>What readers get over HTTP.</summary>
public abstract class InsightQueryBehaviour(DatabaseKind kind) : IAsyncLifetime
{
    private readonly string id = "acc-" + Guid.NewGuid().ToString("N");
    private EndpointDatabase? database;
    private InsightsApp? started;

    private InsightsApp App
    {
        get
        {
            Skip.If(database is null, "BANK_TEST_POSTGRES names no PostgreSQL server.");
            return started ??= new InsightsApp(database);
        }
    }

    public async Task InitializeAsync() => database = await EndpointDatabase.Create(kind);

    public async Task DisposeAsync()
    {
        if (started is not null) await started.DisposeAsync();
        if (database is not null) await database.DisposeAsync();
    }

    [SkippableFact]
    public async Task Spending_is_summed_by_month_of_the_value_date_and_by_category()
    {
        var story = new PaymentStory(id)
            .Pays(0, 100_00, reference: "rent March").Pays(1, 5_00, purpose: "groceries").Pays(2, 7_50, purpose: "groceries", valueDate: "2026-02-27")
            .Withdraws(3, 20_00).PaysByCard(4, 9_99).Receives(5, 1_000_00, "employer");
        await App.Handle(story.Events.Reverse().Concat<Contracts.IBankEvent>(story.Transfers));

        var spending = await App.Get($"/accounts/{id}/spending?from=2026-01&to=2026-12");

        Assert.Equal(["2026-02 7.50", "2026-03 134.99"], Lines(spending, "months", "month", "total"));
        var march = spending.GetProperty("months")[1];
        Assert.Equal(["Housing 100.00", "Cash 20.00", "Cards 9.99", "Groceries 5.00"], Lines(march, "categories", "category", "amount"));
        Assert.Equal(["2026-02 7.50"], Lines(await App.Get($"/accounts/{id}/spending?to=2026-02"), "months", "month", "total"));
    }

    [SkippableFact]
    public async Task What_a_transfer_is_for_counts_even_when_it_is_heard_of_later()
    {
        var story = new PaymentStory(id).Pays(0, 100, reference: "insurance 2026");
        await App.Handle(story.Events);
        Assert.Equal(["Transfers 1.00"], await Categories());
        await App.Handle(story.Transfers);
        Assert.Equal(["Insurance 1.00"], await Categories());

        async Task<string[]> Categories() => Lines((await App.Get($"/accounts/{id}/spending?from=2026-03&to=2026-03")).GetProperty("months")[0], "categories", "category", "amount");
    }

    [SkippableFact]
    public async Task Counterparties_come_with_what_was_paid_and_received_the_greatest_first()
    {
        var story = new PaymentStory(id).Pays(0, 10_00, "landlord").Pays(1, 10_00, "landlord").Receives(2, 50_00, "employer").Pays(3, 1_00, "employer").Pays(4, 30, "shop");
        await App.Handle(story.Events);

        var all = await App.Get($"/accounts/{id}/counterparties?from=2026-03&to=2026-03");

        Assert.Equal(["employer 1.00", "landlord 20.00", "shop 0.30"], Lines(all, "counterparties", "counterpartyId", "paid"));
        Assert.Equal(["employer 50.00", "landlord 0.00", "shop 0.00"], Lines(all, "counterparties", "counterpartyId", "received"));
        Assert.Equal(2, all.GetProperty("counterparties")[1].GetProperty("payments").GetInt64());
        Assert.Equal(["employer 1.00"], Lines(await App.Get($"/accounts/{id}/counterparties?from=2026-03&to=2026-03&limit=1"), "counterparties", "counterpartyId", "paid"));
    }

    [SkippableFact]
    public async Task Sums_beyond_64_bits_are_told_to_the_last_cent()
    {
        const long most = long.MaxValue;
        var story = new PaymentStory(id)
            .Pays(0, most, "a", purpose: "rent").Pays(1, most, "a", purpose: "rent").Pays(2, 1, "a", purpose: "rent").Receives(3, most, "b").Receives(4, most, "b").Pays(5, most - 1, "c").Pays(6, most, "c");
        await App.Handle(story.Events);

        var month = (await App.Get($"/accounts/{id}/spending?from=2026-03&to=2026-03")).GetProperty("months")[0];
        Assert.Equal("368934881474191032.28", month.GetProperty("total").GetProperty("amount").GetString());
        Assert.Equal("36893488147419103228", month.GetProperty("total").GetProperty("minorUnits").GetRawText());
        Assert.Equal(["Housing 184467440737095516.15", "Transfers 184467440737095516.13"], Lines(month, "categories", "category", "amount"));

        var all = await App.Get($"/accounts/{id}/counterparties?from=2026-03&to=2026-03");
        Assert.Equal(["a 184467440737095516.15", "b 0.00", "c 184467440737095516.13"], Lines(all, "counterparties", "counterpartyId", "paid"));
        Assert.Equal(["a 0.00", "b 184467440737095516.14", "c 0.00"], Lines(all, "counterparties", "counterpartyId", "received"));
    }

    [SkippableFact]
    public async Task Suspicions_are_shown_of_one_account_and_of_all()
    {
        var (story, other) = (Burst(id), Burst(id + "-other"));
        await App.Handle(story.Events);
        await App.Handle(other.Events);

        var mine = (await App.Get($"/accounts/{id}/suspicions")).GetProperty("suspicions").EnumerateArray().Single();
        Assert.Equal("TransferBurst", mine.GetProperty("pattern").GetString());
        Assert.Equal(story.TransferIds, mine.GetProperty("transferIds").EnumerateArray().Select(one => one.GetGuid()));
        Assert.Equal((PaymentStory.Start, PaymentStory.Start.AddSeconds(4)), (mine.GetProperty("since").GetDateTimeOffset(), mine.GetProperty("occurredAt").GetDateTimeOffset()));
        Assert.Equal(mine.GetProperty("eventId").GetGuid(), mine.GetProperty("requestId").GetGuid());
        Assert.Equal([id + "-other", id], Ids(await App.Get("/suspicions")));
        Assert.Equal([id + "-other"], Ids(await App.Get("/suspicions?limit=1")));

        static IEnumerable<string?> Ids(JsonElement found) => found.GetProperty("suspicions").EnumerateArray().Select(one => one.GetProperty("accountId").GetString());
    }

    [SkippableTheory]
    [InlineData("nobody")]
    [InlineData("%20")]
    [InlineData("no%20such%20account")]
    public async Task An_account_nothing_was_heard_of_is_unknown(string account)
    {
        foreach (var question in new[] { "spending", "counterparties", "suspicions" }) await App.Get($"/accounts/{account}/{question}", HttpStatusCode.NotFound);
    }

    [SkippableTheory]
    [InlineData("spending?from=March", "from", "'March' is not a month such as 2026-03.")]
    [InlineData("spending?from=2026-04&to=2026-03", "to", "2026-03 is before the first month, 2026-04.")]
    [InlineData("counterparties?limit=0", "limit", "'0' is not a whole number from 1 to 1000.")]
    [InlineData("suspicions?limit=many", "limit", "'many' is not a whole number from 1 to 1000.")]
    public async Task A_parameter_that_makes_no_sense_is_named_with_the_reason(string query, string field, string reason)
    {
        var problem = await App.Get($"/accounts/{id}/{query}", HttpStatusCode.BadRequest);
        Assert.Equal(reason, problem.GetProperty("errors").GetProperty(field)[0].GetString());
    }

    private static PaymentStory Burst(string account) => new PaymentStory(account).Pays(0).Pays(1).Pays(2).Pays(3).Pays(4);

    private static string[] Lines(JsonElement parent, string list, string name, string money) =>
        [.. parent.GetProperty(list).EnumerateArray().Select(one => $"{one.GetProperty(name).GetString()} {one.GetProperty(money).GetProperty("amount").GetString()}")];
}
