using System.Net;
using System.Text.Json;
using Bank.Hosting;
using Bank.Testing.Servers;

namespace Bank.Projections.Tests.Http;

public sealed class QueriesOnSqlite() : QueryBehaviour(DatabaseKind.Sqlite);

public sealed class QueriesOnPostgreSql() : QueryBehaviour(DatabaseKind.PostgreSql);

/// <summary>What readers get over HTTP. Each test has accounts and, where sums count, a database of its own.</summary>
public abstract class QueryBehaviour(DatabaseKind kind) : IAsyncLifetime
{
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
    public async Task An_account_shows_its_latest_balance_whatever_came_last()
    {
        var story = new AccountStory(id).Opened(5_000).Deposited(10_000).Withdrawn(1_234).Reserved(Guid.NewGuid(), 66);
        await App.Handle(story.Events.Reverse());

        var account = await App.Get($"/accounts/{id}");

        Assert.Equal("Open", Text(account, "status"));
        Assert.Equal(3, account.GetProperty("version").GetInt64());
        Assert.Equal(("87.66", "EUR", 8_766), Money(account, "balance"));
        Assert.Equal(("137.00", "EUR", 13_700), Money(account, "available"));
        Assert.Equal(("50.00", "EUR", 5_000), Money(account, "overdraftLimit"));
        Assert.Equal(0, account.GetProperty("missingEvents").GetInt64());
    }

    [SkippableFact]
    public async Task An_event_that_has_not_arrived_shows_as_missing()
    {
        var story = new AccountStory(id).Opened().Deposited(100).Deposited(200).Deposited(300);
        await App.Handle(story.Events.Where(@event => @event.AccountVersion is not (1 or 2)));
        Assert.Equal(2, (await App.Get($"/accounts/{id}")).GetProperty("missingEvents").GetInt64());

        await App.Handle(story.Events);
        Assert.Equal(0, (await App.Get($"/accounts/{id}")).GetProperty("missingEvents").GetInt64());
    }

    [SkippableFact]
    public async Task A_closed_account_says_so()
    {
        await App.Handle(new AccountStory(id).Opened().Closed().Events);

        var account = await App.Get($"/accounts/{id}");

        Assert.Equal("Closed", Text(account, "status"));
        Assert.Equal(AccountStory.Minute(1), account.GetProperty("closedAt").GetDateTimeOffset());
    }

    [SkippableFact]
    public async Task A_refused_request_about_an_unknown_account_makes_no_account()
    {
        await App.Handle(new AccountStory(id).Refused("Deposit").Events);

        var problem = await App.Problem(HttpStatusCode.NotFound, $"/accounts/{id}");

        Assert.Contains(id, Text(problem, "detail"), StringComparison.Ordinal);
        Assert.DoesNotContain((await App.Get("/accounts")).GetProperty("accounts").EnumerateArray(), account => Text(account, "accountId") == id);
    }

    [SkippableFact]
    public async Task A_balance_can_be_asked_for_as_of_an_instant()
    {
        await App.Handle(new AccountStory(id).Opened(500).Deposited(10_000).Withdrawn(1_000).Events);

        var between = await App.Get($"/accounts/{id}?asOf={Iso(AccountStory.Minute(1).AddSeconds(30))}");
        var exactly = await App.Get($"/accounts/{id}?asOf={Iso(AccountStory.Minute(2))}");

        Assert.Equal(("100.00", "EUR", 10_000), Money(between, "balance"));
        Assert.Equal(("105.00", "EUR", 10_500), Money(between, "available"));
        Assert.Equal(("90.00", "EUR", 9_000), Money(exactly, "balance"));
        await App.Problem(HttpStatusCode.NotFound, $"/accounts/{id}?asOf={Iso(AccountStory.Minute(-1))}");
    }

    [SkippableFact]
    public async Task Accounts_are_listed_a_page_at_a_time()
    {
        foreach (var number in Enumerable.Range(0, 5)) await App.Handle(new AccountStory($"{id}-{number}").Opened().Events);

        var seen = new List<string>();
        for (string? after = null; ;)
        {
            var page = await App.Get($"/accounts?limit=2&after={after}");
            seen.AddRange(page.GetProperty("accounts").EnumerateArray().Select(account => Text(account, "accountId")));
            if (page.GetProperty("next").GetString() is not { } next) break;
            after = next;
        }

        Assert.Equal(Enumerable.Range(0, 5).Select(number => $"{id}-{number}"), seen);
    }

    [SkippableFact]
    public async Task A_statement_holds_bookings_alone_and_runs_from_opening_to_closing_balance()
    {
        var transfer = Guid.NewGuid();
        var story = new AccountStory(id).Opened().Deposited(10_000).WithdrawalDeclined(99_999).Reserved(transfer, 2_500).Captured(transfer, 2_500).Withdrawn(500);
        await App.Handle(story.Events.Concat(story.Events).Reverse());

        var statement = await App.Get($"/accounts/{id}/statement");

        Assert.Equal(("0.00", "EUR", 0), Money(statement, "opening"));
        Assert.Equal(("70.00", "EUR", 7_000), Money(statement, "closing"));
        var lines = statement.GetProperty("lines").EnumerateArray().ToArray();
        Assert.Equal(["MoneyDeposited", "ReservationCaptured", "MoneyWithdrawn"], lines.Select(line => Text(line, "kind")));
        Assert.Equal([10_000, -2_500, -500], lines.Select(line => Money(line, "amount").MinorUnits));
        Assert.Equal(["100.00", "75.00", "70.00"], lines.Select(line => Money(line, "balance").Amount));
        Assert.Equal(("payee", transfer.ToString()), (Text(lines[1], "counterpartyAccountId"), Text(lines[1], "transferId")));
        Assert.Equal(("teller-17", "branch", "P1"), (Text(lines[0], "requestedBy"), Text(lines[0], "channel"), Text(lines[0], "purpose")));
    }

    [SkippableFact]
    public async Task A_statement_of_a_period_without_bookings_shows_the_balance_carried_forward()
    {
        await App.Handle(new AccountStory(id).Opened().Deposited(10_000).Events);

        var later = await App.Get($"/accounts/{id}/statement?from={Iso(AccountStory.Minute(5))}");
        var before = await App.Get($"/accounts/{id}/statement?to={Iso(AccountStory.Minute(-5))}");

        Assert.Equal((("100.00", "EUR", 10_000), ("100.00", "EUR", 10_000)), (Money(later, "opening"), Money(later, "closing")));
        Assert.Equal((("0.00", "EUR", 0), ("0.00", "EUR", 0)), (Money(before, "opening"), Money(before, "closing")));
    }

    [SkippableFact]
    public async Task A_statement_is_read_page_by_page_without_loss_or_repetition()
    {
        var story = new AccountStory(id).Opened();
        foreach (var amount in Enumerable.Range(1, 7)) story.Deposited(amount);
        await App.Handle(story.Events);

        var first = await App.Get($"/accounts/{id}/statement?limit=4");
        var second = await App.Get($"/accounts/{id}/statement?limit=4&after={first.GetProperty("next").GetInt64()}");

        Assert.Equal([1, 2, 3, 4, 5, 6, 7], first.GetProperty("lines").EnumerateArray().Concat(second.GetProperty("lines").EnumerateArray()).Select(line => Money(line, "amount").MinorUnits));
        Assert.Equal(Money(first, "closing"), Money(second, "opening"));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
    }

    [SkippableFact]
    public async Task A_period_includes_its_start_and_excludes_its_end()
    {
        await App.Handle(new AccountStory(id).Opened().Deposited(1).Deposited(2).Deposited(3).Events);

        var statement = await App.Get($"/accounts/{id}/statement?from={Iso(AccountStory.Minute(2))}&to={Iso(AccountStory.Minute(3))}");

        Assert.Equal([2], statement.GetProperty("lines").EnumerateArray().Select(line => Money(line, "amount").MinorUnits));
    }

    [SkippableFact]
    public async Task A_transfer_never_goes_back_to_an_earlier_state()
    {
        var (done, failed) = (new TransferStory(Guid.NewGuid(), 500), new TransferStory(Guid.NewGuid(), 700));
        await App.Handle(done.Completed(), done.Initiated(), failed.Failed(), failed.Initiated());

        var completed = await App.Get($"/transfers/{done.Id}");
        var refused = await App.Get($"/transfers/{failed.Id}");

        Assert.Equal(("Completed", "rent March"), (Text(completed, "state"), Text(completed, "reference")));
        Assert.Equal(("5.00", "EUR", 500), Money(completed, "amount"));
        Assert.Equal(AccountStory.Minute(2), completed.GetProperty("endedAt").GetDateTimeOffset());
        Assert.Equal(("Failed", "InsufficientFunds"), (Text(refused, "state"), Text(refused, "reason")));
        var list = await App.Get("/transfers?state=failed");
        Assert.Equal([failed.Id.ToString()], list.GetProperty("transfers").EnumerateArray().Select(transfer => Text(transfer, "transferId")));
    }

    [SkippableFact]
    public async Task The_sum_of_a_ledger_account_may_exceed_64_bits()
    {
        await App.Handle(new AccountStory("a").Opened().Deposited(long.MaxValue).Events.Concat(new AccountStory("b").Opened().Deposited(long.MaxValue).Events));

        var euro = Assert.Single((await App.Get("/ledger/trial-balance")).GetProperty("currencies").EnumerateArray());

        Assert.Equal("0.00", euro.GetProperty("sum").GetProperty("amount").GetString());
        Assert.Equal(
            [("accounts", "184467440737095516.14", "18446744073709551614"), ("cash:EUR", "-184467440737095516.14", "-18446744073709551614")],
            euro.GetProperty("accounts").EnumerateArray().Select(account =>
                (account.GetProperty("account").GetString()!, account.GetProperty("sum").GetProperty("amount").GetString()!, account.GetProperty("sum").GetProperty("minorUnits").GetRawText())));
    }

    [SkippableFact]
    public async Task A_request_under_the_id_of_a_transfer_changes_nothing_about_it()
    {
        var transfer = new TransferStory(Guid.NewGuid(), 500);
        await App.Handle(transfer.Initiated(), transfer.IdUsedAgain(), transfer.Completed(), transfer.IdUsedAgain());

        var shown = await App.Get($"/transfers/{transfer.Id}");

        Assert.Equal(("Completed", "5.00"), (shown.GetProperty("state").GetString(), shown.GetProperty("amount").GetProperty("amount").GetString()));
        Assert.Equal(JsonValueKind.Null, shown.GetProperty("reason").ValueKind);
    }

    [SkippableTheory]
    [InlineData("2026-03-01T12:00:30")]
    [InlineData("2026-03-01T12:00:30Z")]
    [InlineData("2026-03-01T17:30:30%2B05:30")]
    public async Task An_instant_without_offset_is_UTC_wherever_the_endpoint_runs(string instant)
    {
        Assert.NotEqual(TimeSpan.Zero, TimeZoneInfo.Local.BaseUtcOffset);
        await App.Handle(new AccountStory("a").Opened().Deposited(100).Events);

        Assert.Equal("0.00", (await App.Get($"/accounts/a?asOf={instant}")).GetProperty("balance").GetProperty("amount").GetString());
    }

    [SkippableFact]
    public async Task The_ledger_sums_to_zero_in_each_currency_at_every_instant()
    {
        var transfer = Guid.NewGuid();
        await App.Handle(new AccountStory(id).Opened().Deposited(10_000).Withdrawn(300).Reserved(transfer, 700).Captured(transfer, 700).Events);
        await App.Handle(new AccountStory(id + "-jpy", "JPY").Opened().Deposited(42).Events);

        var now = (await App.Get("/ledger/trial-balance")).GetProperty("currencies").EnumerateArray().ToArray();
        var earlier = (await App.Get($"/ledger/trial-balance?asOf={Iso(AccountStory.Minute(1))}")).GetProperty("currencies").EnumerateArray().ToArray();

        Assert.Equal(["EUR", "JPY"], now.Select(currency => Text(currency, "currency")));
        Assert.All(now.Concat(earlier), currency => Assert.Equal(0, Money(currency, "sum").MinorUnits));
        Assert.Equal(["accounts 9000", "cash:EUR -9700", "clearing:EUR 700"], Sums(now[0]));
        Assert.Equal(["accounts 10000", "cash:EUR -10000"], Sums(earlier[0]));
        static IEnumerable<string> Sums(JsonElement currency) =>
            currency.GetProperty("accounts").EnumerateArray().Select(account => $"{Text(account, "account")} {Money(account, "sum").MinorUnits}").Order(StringComparer.Ordinal);
    }

    [SkippableTheory]
    [InlineData("/accounts?limit=0", "limit")]
    [InlineData("/accounts?limit=1001", "limit")]
    [InlineData("/accounts?after=a%00b", "after")]
    [InlineData("/accounts/a?asOf=yesterday", "asOf")]
    [InlineData("/accounts/a?asOf=01/02/2026", "asOf")]
    [InlineData("/accounts/a?asOf=2026-03-31%2012:00", "asOf")]
    [InlineData("/accounts/a/statement?from=12:00", "from")]
    [InlineData("/accounts/a/statement?to=x", "to")]
    [InlineData("/accounts/a/statement?from=2026-03-02&to=2026-03-01", "to")]
    [InlineData("/accounts/a/statement?after=-2", "after")]
    [InlineData("/transfers?state=lost", "state")]
    [InlineData("/ledger/trial-balance?asOf=2026-13-01", "asOf")]
    public async Task A_query_parameter_that_cannot_be_read_is_named(string address, string field)
    {
        var problem = await App.Problem(HttpStatusCode.BadRequest, address);

        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [SkippableTheory]
    [InlineData("/projections/rebuild?restart=perhaps")]
    [InlineData("/projections/statement/rebuild?restart=1")]
    public async Task A_wish_for_a_restart_that_cannot_be_read_is_named(string address)
    {
        var problem = await App.Problem(HttpStatusCode.BadRequest, address, HttpMethod.Post);

        Assert.Equal(["restart"], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [SkippableTheory]
    [InlineData("/accounts/nobody")]
    [InlineData("/accounts/nobody/statement")]
    [InlineData("/accounts/nobody/end-of-day.png")]
    [InlineData("/transfers/0b5b4a9c-7ef6-4f4f-9f0d-6c1f1a1d9d11")]
    [InlineData("/transfers/not-a-guid")]
    [InlineData("/nothing/here")]
    public async Task What_is_unknown_is_answered_with_problem_details(string address) => await App.Problem(HttpStatusCode.NotFound, address);

    [SkippableTheory]
    [InlineData("2026-03-01", 0)]
    [InlineData("2026-03-01T12:01Z", 1)]
    [InlineData("2026-03-01T12:01:00.000001Z", 1)]
    [InlineData("2026-03-01T14:02:00%2B02:00", 2)]
    [InlineData("2026-03-01T14:02:00+02:00", 2)]
    public async Task Instants_are_read_in_the_forms_of_ISO_8601(string asOf, long version)
    {
        await App.Handle(new AccountStory(id).Opened().Deposited(1).Deposited(2).Events);
        if (version == 0) await App.Problem(HttpStatusCode.NotFound, $"/accounts/{id}?asOf={asOf}");
        else Assert.Equal(version, (await App.Get($"/accounts/{id}?asOf={asOf}")).GetProperty("version").GetInt64());
    }

    [SkippableFact]
    public async Task The_endpoint_is_ready_and_describes_its_queries()
    {
        Assert.Equal("Healthy", Text(await App.Get("/health/ready"), "status"));
        var paths = (await App.Get("/openapi/v1.json")).GetProperty("paths").EnumerateObject().Select(path => path.Name);
        string[] expected =
        [
            "/accounts", "/accounts/{id}", "/accounts/{id}/end-of-day", "/accounts/{id}/end-of-day.png", "/accounts/{id}/statement", "/ledger/trial-balance",
            "/projections", "/projections/rebuild", "/projections/{name}", "/projections/{name}/rebuild", "/transfers", "/transfers/{id}",
        ];
        Assert.Equal(expected, paths.Order(StringComparer.Ordinal));
    }

    private static string Iso(DateTimeOffset instant) => instant.UtcDateTime.ToString("O");

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static (string Amount, string Currency, long MinorUnits) Money(JsonElement element, string name)
    {
        var money = element.GetProperty(name);
        return (Text(money, "amount"), Text(money, "currency"), money.GetProperty("minorUnits").GetInt64());
    }
}
