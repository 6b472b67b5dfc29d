using System.Net;
using System.Text.Json;
using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.Hosting;
using Bank.Testing.Servers;
using CsCheck;

namespace Bank.Projections.Tests.Http;

public sealed class TimeOnSqlite() : TimeBehaviour(DatabaseKind.Sqlite);

public sealed class TimeOnPostgreSql() : TimeBehaviour(DatabaseKind.PostgreSql);

/// <summary>Money counts from its value date, and was known from its recording. Events of a story are recorded on 2026-03-01, a minute apart from noon.</summary>
public abstract class TimeBehaviour(DatabaseKind kind) : IAsyncLifetime
{
    private static readonly DateOnly FirstDay = new(2026, 2, 20);

    private readonly string id = "acc-" + Guid.NewGuid().ToString("N");
    private EndpointDatabase? database;
    private ProjectionsApp? started;

    private ProjectionsApp App
    {
        get
        {
            Skip.If(database is null, "BANK_TEST_POSTGRES names no PostgreSQL server.");
            return started ??= new ProjectionsApp(database);
        }
    }

    public async Task InitializeAsync() => database = await EndpointDatabase.Create(kind);

    public async Task DisposeAsync()
    {
        if (started is not null) await started.DisposeAsync();
        if (database is not null) await database.DisposeAsync();
    }

    [SkippableFact]
    public async Task A_balance_counts_what_has_its_value_date_by_then_and_was_known_by_then()
    {
        await App.Handle(new AccountStory(id).Opened().Deposited(10_000, "2026-03-05").Deposited(500, "2026-03-03").Withdrawn(20).Events);

        Assert.Equal(-20, await Balance("valueDate=2026-03-02"));
        Assert.Equal(480, await Balance("valueDate=2026-03-03"));
        Assert.Equal(10_480, await Balance("valueDate=2026-03-05"));
        Assert.Equal(10_500, await Balance($"knownAt={Iso(2)}"));
        Assert.Equal(0, await Balance($"valueDate=2026-03-04&knownAt={Iso(1)}"));
        Assert.Equal(500, await Balance($"valueDate=2026-03-04&knownAt={Iso(2)}"));
        await App.Problem(HttpStatusCode.NotFound, $"/accounts/{id}?valueDate=2026-02-28");
        await App.Problem(HttpStatusCode.NotFound, $"/accounts/{id}?knownAt={Iso(-1)}");
    }

    [SkippableFact]
    public async Task A_statement_by_value_date_adds_up_on_every_page()
    {
        var story = new AccountStory(id).Opened().Deposited(1_000, "2026-02-25").Deposited(200).Withdrawn(30, "2026-02-25").Deposited(4, "2026-02-24").Withdrawn(500, "2026-02-28");
        await App.Handle(story.Events.Reverse());

        var all = await App.Get($"/accounts/{id}/statement?valueDate=2026-12-31");
        Assert.Equal([4L, 1, 3, 5, 2], Lines(all).Select(line => line.Version));
        Assert.Equal([4L, 1_004, 974, 474, 674], Lines(all).Select(line => line.Balance));
        Assert.Equal((0, 674), (Units(all, "opening"), Units(all, "closing")));

        var (pages, closing, after) = (new List<(long, long, string)>(), 4L, "");
        for (var page = 0; page < 10; page++)
        {
            var shown = await App.Get($"/accounts/{id}/statement?valueFrom=2026-02-25&valueDate=2026-02-28&limit=2{after}");
            Assert.Equal(closing, Units(shown, "opening"));
            pages.AddRange(Lines(shown));
            closing = Units(shown, "closing");
            if (shown.GetProperty("next").ValueKind == JsonValueKind.Null) break;
            after = "&after=" + shown.GetProperty("next").GetInt64();
        }

        Assert.Equal([(1L, 1_004L, "2026-02-25"), (3, 974, "2026-02-25"), (5, 474, "2026-02-28")], pages);
        Assert.Equal(474, closing);
        Assert.Equal(["after"], Fields(await App.Problem(HttpStatusCode.BadRequest, $"/accounts/{id}/statement?valueDate=2026-03-01&after=99")));
    }

    [SkippableFact]
    public async Task A_statement_leaves_out_what_was_recorded_later()
    {
        var story = new AccountStory(id).Opened().Deposited(1_000).Deposited(5, "2026-02-25");
        await App.Handle(story.Events);

        Assert.Equal([1L], Lines(await App.Get($"/accounts/{id}/statement?knownAt={Iso(1)}")).Select(line => line.Version));
        Assert.Equal([1L], Lines(await App.Get($"/accounts/{id}/statement?valueDate=2026-03-01&knownAt={Iso(1)}")).Select(line => line.Version));
        Assert.Equal([2L, 1], Lines(await App.Get($"/accounts/{id}/statement?valueDate=2026-03-01&knownAt={Iso(2)}")).Select(line => line.Version));
    }

    [SkippableFact]
    public async Task Every_day_has_a_balance_also_without_bookings()
    {
        await App.Handle(new AccountStory(id).Opened().Deposited(100, "2026-02-26").Withdrawn(30, "2026-02-28").Deposited(7, "2026-02-28").Events);

        var shown = await App.Get($"/accounts/{id}/end-of-day?from=2026-02-27&to=2026-03-02");

        Assert.Equal((100, 77), (Units(shown, "opening"), Units(shown, "closing")));
        Assert.Equal(
            [("2026-02-27", 0L, 100L), ("2026-02-28", 2, 77), ("2026-03-01", 0, 77), ("2026-03-02", 0, 77)],
            shown.GetProperty("days").EnumerateArray().Select(day => (day.GetProperty("date").GetString()!, day.GetProperty("bookings").GetInt64(), Units(day, "balance"))));
        Assert.Equal(70, Units(await App.Get($"/accounts/{id}/end-of-day?from=2026-02-27&to=2026-03-02&knownAt={Iso(2)}"), "closing"));
        Assert.Equal(30, (await App.Get($"/accounts/{id}/end-of-day")).GetProperty("days").GetArrayLength());
    }

    [SkippableFact]
    public async Task The_ledger_sums_to_zero_by_value_date()
    {
        await App.Handle(new AccountStory(id).Opened().Deposited(100, "2026-02-26").Withdrawn(30, "2026-02-28").Events);

        var currency = Assert.Single((await App.Get("/ledger/trial-balance?valueDate=2026-02-27")).GetProperty("currencies").EnumerateArray());

        Assert.Equal(0, Units(currency, "sum"));
        Assert.Equal([-100L, 100], currency.GetProperty("accounts").EnumerateArray().Select(account => Units(account, "sum")).Order());
    }

    [SkippableFact]
    public async Task What_SQL_answers_is_the_fold_of_the_events_that_both_times_let_pass()
    {
        var number = 0;
        var bookings = Gen.Select(Gen.Bool, Gen.Long[1, 100_000], Gen.Int[-1, 9]).Array[1, 10];
        var cases = Gen.Select(bookings, Gen.Int[0, 9], Gen.Int[0, 11]);
        _ = App;
        await cases.SampleAsync(
            async asked =>
            {
                var (steps, dayAsked, minute) = asked;
                var account = $"{id}-{number++}";
                var story = new AccountStory(account).Opened();
                foreach (var (pays, amount, day) in steps)
                {
                    // Without a value date it counts from the day of recording, the tenth.
                    var text = day < 0 ? null : Iso(FirstDay.AddDays(day));
                    _ = pays ? story.Deposited(amount, text) : story.Withdrawn(amount, text);
                }

                await App.Handle(story.Events);
                var valueDate = FirstDay.AddDays(dayAsked);
                var known = story.Events.Where(@event => @event.OccurredAt <= AccountStory.Minute(minute)).ToArray();
                Int128 Fold(DateOnly until) => known.Aggregate((Int128)0, (sum, @event) => sum + Effect(@event, until));

                var days = (await App.Get($"/accounts/{account}/end-of-day?from={Iso(FirstDay)}&to={Iso(valueDate)}&knownAt={Iso(minute)}")).GetProperty("days").EnumerateArray().ToArray();
                Assert.All(days, day => Assert.Equal(Fold(DateOnly.Parse(day.GetProperty("date").GetString()!)), Units(day, "balance")));
                Assert.Equal(Fold(valueDate), Units(await App.Get($"/accounts/{account}/statement?valueDate={Iso(valueDate)}&knownAt={Iso(minute)}"), "closing"));
                Assert.Equal(Fold(DateOnly.MaxValue), Units(await App.Get($"/accounts/{account}?knownAt={Iso(minute)}"), "balance"));
            },
            iter: 20, threads: 1);
    }

    [SkippableTheory]
    [InlineData("/accounts/a?valueDate=2026-02-30", "valueDate")]
    [InlineData("/accounts/a?valueDate=2026-03-01T12:00:00Z", "valueDate")]
    [InlineData("/accounts/a?knownAt=today", "knownAt")]
    [InlineData("/accounts/a?asOf=2026-03-01&valueDate=2026-03-01", "valueDate")]
    [InlineData("/accounts/a/statement?valueFrom=1.3.2026", "valueFrom")]
    [InlineData("/accounts/a/statement?valueFrom=2026-03-02&valueDate=2026-03-01", "valueDate")]
    [InlineData("/accounts/a/statement?valueDate=2026-03-01&from=2026-03-01", "from")]
    [InlineData("/accounts/a/end-of-day?from=x", "from")]
    [InlineData("/accounts/a/end-of-day?from=2026-03-02&to=2026-03-01", "to")]
    [InlineData("/accounts/a/end-of-day?from=2016-03-01&to=2026-03-02", "from")]
    [InlineData("/accounts/a/end-of-day.png?knownAt=x", "knownAt")]
    [InlineData("/accounts/a/end-of-day.png?from=2026-03-02&to=2026-03-01", "to")]
    [InlineData("/accounts/a/end-of-day.png?from=2016-03-01&to=2026-03-02", "from")]
    [InlineData("/accounts/a/end-of-day.png?width=299", "width")]
    [InlineData("/accounts/a/end-of-day.png?height=2001", "height")]
    [InlineData("/ledger/trial-balance?valueDate=x", "valueDate")]
    public async Task A_parameter_that_cannot_be_answered_is_named(string address, string field) =>
        Assert.Equal([field], Fields(await App.Problem(HttpStatusCode.BadRequest, address)));

    [SkippableFact]
    public async Task The_longest_range_is_answered() =>
        Assert.Equal("Unknown account", (await App.Problem(HttpStatusCode.NotFound, "/accounts/a/end-of-day?from=2016-03-01&to=2026-03-01")).GetProperty("title").GetString());

    private static long Effect(IAccountEvent @event, DateOnly until)
    {
        var (amount, valueDate) = @event switch
        {
            MoneyDeposited e => (e.Amount.MinorUnits, e.ValueDate),
            MoneyWithdrawn e => (-e.Amount.MinorUnits, e.ValueDate),
            _ => (0, null),
        };
        return (valueDate is null ? DateOnly.FromDateTime(@event.OccurredAt.UtcDateTime) : DateOnly.Parse(valueDate)) <= until ? amount : 0;
    }

    private async Task<long> Balance(string query) => Units(await App.Get($"/accounts/{id}?{query}"), "balance");

    private static IEnumerable<(long Version, long Balance, string ValueDate)> Lines(JsonElement statement) =>
        statement.GetProperty("lines").EnumerateArray().Select(line => (line.GetProperty("version").GetInt64(), Units(line, "balance"), line.GetProperty("valueDate").GetString()!));

    private static long Units(JsonElement element, string name) => element.GetProperty(name).GetProperty("minorUnits").GetInt64();

    private static IEnumerable<string> Fields(JsonElement problem) => problem.GetProperty("errors").EnumerateObject().Select(error => error.Name);

    private static string Iso(int minute) => AccountStory.Minute(minute).UtcDateTime.ToString("O");

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
