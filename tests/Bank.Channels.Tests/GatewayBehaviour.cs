using System.Net;
using System.Text;
using System.Text.Json;
using Bank.Channels.Handlers;
using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.Contracts.Transfers;
using Bank.Hosting;
using Bank.ServiceBus.Testing;
using Bank.Testing.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace Bank.Channels.Tests;

public sealed class GatewayOnSqlite() : GatewayBehaviour(DatabaseKind.Sqlite);

public sealed class GatewayOnPostgreSql() : GatewayBehaviour(DatabaseKind.PostgreSql);

/// <summary>What channel systems get over HTTP, and what is sent for them.</summary>
public abstract class GatewayBehaviour(DatabaseKind kind) : IAsyncLifetime
{
    private const string Deposit = """{"amount":"12.34","currency":"EUR","purpose":"P1"}""";

    private static readonly (string, string)[] Caller = [("Idempotency-Key", "key-00000001"), ("X-Requested-By", "teller-17"), ("X-Channel", "branch")];

    private EndpointDatabase? database;
    private ChannelsApp? started;

    private ChannelsApp App
    {
        get
        {
            Skip.If(database is null, "BANK_TEST_POSTGRES names no PostgreSQL server.");
            return started ??= new ChannelsApp(database);
        }
    }

    public async Task InitializeAsync() => database = await EndpointDatabase.Create(kind);

    public async Task DisposeAsync()
    {
        if (started is not null) await started.DisposeAsync();
        if (database is not null) await database.DisposeAsync();
    }

    [SkippableFact]
    public async Task A_command_is_accepted_and_sent_with_who_asked()
    {
        var (status, body, headers) = await Post("deposit", Deposit);

        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal("pending", Text(body, "status"));
        var sent = App.Session.SentMessages.Single().Message<Deposit>();
        Assert.Equal((new Money(1234, "EUR"), "acc-1", "teller-17", "branch", "P1"), (sent.Amount, sent.AccountId, sent.Origin.RequestedBy, sent.Origin.Channel, sent.Origin.Purpose));
        Assert.Equal($"/outcomes/{sent.RequestId}", headers["Location"]);
    }

    [SkippableFact]
    public async Task The_same_key_with_the_same_content_names_the_same_request()
    {
        await Post("deposit", Deposit);
        var (status, _, _) = await Post("deposit", Deposit);

        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Single(App.Session.SentMessages.Select(sent => sent.Message<Deposit>().RequestId).Distinct());
    }

    [SkippableFact]
    public async Task The_same_key_with_another_content_is_refused_and_not_sent()
    {
        await Post("deposit", Deposit);
        var (status, body, _) = await Post("deposit", Deposit.Replace("12.34", "12.35", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Equal(["Idempotency-Key"], Fields(body));
        Assert.Single(App.Session.SentMessages);
    }

    [SkippableFact]
    public async Task The_same_key_of_another_caller_is_another_request()
    {
        await Post("deposit", Deposit);
        await Post("deposit", Deposit, ("X-Requested-By", "teller-18"));

        Assert.Equal(2, App.Session.SentMessages.Select(sent => sent.Message<Deposit>().RequestId).Distinct().Count());
    }

    [SkippableFact]
    public async Task A_decided_request_is_answered_and_not_sent_again()
    {
        await Post("deposit", Deposit);
        await Tell(Deposited(App.Session.SentMessages.Single().Message<Deposit>().RequestId));

        var (status, body, headers) = await Post("deposit", Deposit, ("Prefer", "wait=5"));

        Assert.Equal((HttpStatusCode.OK, "completed", "wait=5"), (status, Text(body, "status"), headers["Preference-Applied"]));
        Assert.Equal("112.34", Text(body.GetProperty("balance"), "amount"));
        Assert.Single(App.Session.SentMessages);
    }

    [SkippableFact]
    public async Task A_client_that_waits_gets_the_refusal_with_its_reason()
    {
        var answer = Post("withdraw", Deposit, ("Prefer", "wait=20"));
        var deadline = DateTimeOffset.UtcNow.AddSeconds(15);
        while (App.Session.SentMessages.Length == 0 && DateTimeOffset.UtcNow < deadline) await Task.Delay(10);
        var request = App.Session.SentMessages.Single().Message<Withdraw>();
        await Tell(new WithdrawalDeclined
        {
            EventId = Guid.NewGuid(), RequestId = request.RequestId, Origin = request.Origin, OccurredAt = request.Origin.RequestedAt, AccountId = "acc-1", AccountVersion = 3,
            Balance = new Money(100, "EUR"), Available = new Money(100, "EUR"), Amount = request.Amount, Reason = DeclineReason.InsufficientFunds,
        });

        var (status, body, _) = await answer;

        Assert.Equal((HttpStatusCode.OK, "declined", "InsufficientFunds"), (status, Text(body, "status"), Text(body, "reason")));
    }

    [SkippableFact]
    public async Task A_wait_that_ends_without_outcome_leaves_the_request_accepted()
    {
        var (status, body, _) = await Post("deposit", Deposit, ("Prefer", "wait=1"));
        Assert.Equal((HttpStatusCode.Accepted, "pending"), (status, Text(body, "status")));
    }

    [SkippableFact]
    public async Task The_first_outcome_stays_and_strangers_change_nothing()
    {
        await Post("deposit", Deposit);
        var request = App.Session.SentMessages.Single().Message<Deposit>().RequestId;
        var outcome = Deposited(request);
        await Tell(Deposited(Guid.NewGuid()));
        await Tell(outcome);
        await Tell(outcome with { Balance = new Money(1, "EUR") });

        var body = JsonDocument.Parse(await App.CreateClient().GetStringAsync($"/outcomes/{request}")).RootElement;

        Assert.Equal(("completed", "112.34"), (Text(body, "status"), Text(body.GetProperty("balance"), "amount")));
    }

    [SkippableFact]
    public async Task A_transfer_that_failed_because_of_an_account_says_of_which()
    {
        await Post("transfer", """{"amount":5,"currency":"EUR","to":"acc-2"}""");
        var sent = App.Session.SentMessages.Single().Message<InitiateTransfer>();
        await Tell(Events.TransferRefused(sent.TransferId) with { RequestId = sent.RequestId });

        var body = JsonDocument.Parse(await App.CreateClient().GetStringAsync($"/outcomes/{sent.RequestId}")).RootElement;

        Assert.Equal(("declined", "AccountIsClosed", "acc-2"), (Text(body, "status"), Text(body, "reason"), Text(body, "refusingAccountId")));
    }

    [SkippableFact]
    public async Task A_transfer_is_named_after_its_request_and_stays_pending_when_it_was_only_initiated()
    {
        var (_, body, _) = await Post("transfer", """{"amount":5,"currency":"EUR","to":"acc-2","reference":"rent"}""");
        var sent = App.Session.SentMessages.Single().Message<InitiateTransfer>();
        await Tell(new TransferInitiated
        {
            EventId = Guid.NewGuid(), RequestId = sent.RequestId, Origin = sent.Origin, OccurredAt = sent.Origin.RequestedAt, TransferId = sent.TransferId,
            PayerAccountId = "acc-1", PayeeAccountId = "acc-2", Amount = sent.Amount, Deadline = sent.Origin.RequestedAt.AddMinutes(5),
        });

        var after = JsonDocument.Parse(await App.CreateClient().GetStringAsync($"/outcomes/{sent.RequestId}")).RootElement;

        Assert.Equal(("pending", sent.TransferId.ToString()), (Text(after, "status"), Text(body, "transferId")));
        Assert.Equal(("acc-1", "acc-2", new Money(500, "EUR"), "rent"), (sent.PayerAccountId, sent.PayeeAccountId, sent.Amount, sent.Reference));
    }

    [SkippableTheory]
    [InlineData("deposit", """{"currency":"EUR"}""", "amount")]
    [InlineData("deposit", """{"amount":"1.234","currency":"EUR"}""", "amount")]
    [InlineData("deposit", """{"amount":"-1","currency":"EUR"}""", "amount")]
    [InlineData("deposit", """{"amount":"\ud800","currency":"EUR"}""", "amount")]
    [InlineData("deposit", """{"amount":"1.00000000000000000000000000000001","currency":"EUR"}""", "amount")]
    [InlineData("deposit", """{"amount":"99999999999999999999","currency":"EUR"}""", "amount")]
    [InlineData("deposit", """{"amount":"1"}""", "currency")]
    [InlineData("deposit", """{"amount":"1","currency":"EUX"}""", "currency")]
    [InlineData("deposit", """{"amount":"1","currency":"EUR","purpose":"a\u0000b"}""", "purpose")]
    [InlineData("deposit", """{"amount":"1","currency":5}""", "currency")]
    [InlineData("deposit", "[1]", "body")]
    [InlineData("capture", "{}", "reservationId")]
    [InlineData("capture", """{"reservationId":"x"}""", "reservationId")]
    [InlineData("transfer", """{"amount":"1","currency":"EUR"}""", "to")]
    [InlineData("open", """{"currency":"EUR","overdraftLimit":-1}""", "overdraftLimit")]
    public async Task A_field_that_is_wrong_is_named_and_nothing_is_sent(string command, string body, string field)
    {
        var (status, problem, _) = await Post(command, body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(field, Fields(problem));
        Assert.Empty(App.Session.SentMessages);
    }

    [SkippableTheory]
    [InlineData("Idempotency-Key", "")]
    [InlineData("Idempotency-Key", "short")]
    [InlineData("X-Requested-By", "")]
    [InlineData("X-Channel", "")]
    [InlineData("Prefer", "wait=31")]
    public async Task A_header_that_is_missing_or_wrong_is_named(string name, string value)
    {
        var (status, problem, _) = await Post("deposit", Deposit, (name, value));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal([name], Fields(problem));
        Assert.Empty(App.Session.SentMessages);
    }

    [SkippableFact]
    public async Task Unknown_commands_and_requests_and_large_bodies_are_answered_with_problem_details()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await Post("steal", "{}")).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Post("deposit", new string(' ', 70_000))).Status);
        using var unknown = await App.CreateClient().GetAsync($"/outcomes/{Guid.NewGuid()}");
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (unknown.StatusCode, unknown.Content.Headers.ContentType?.MediaType));
    }

    [SkippableFact]
    public async Task The_api_is_described_with_its_headers_and_the_reads_passed_on()
    {
        var paths = JsonDocument.Parse(await App.CreateClient().GetStringAsync("/openapi/v1.json")).RootElement.GetProperty("paths");
        var parameters = paths.GetProperty("/accounts/{id}/commands/{command}").GetProperty("post").GetProperty("parameters").EnumerateArray()
            .Select(parameter => $"{Text(parameter, "in")} {Text(parameter, "name")} {parameter.TryGetProperty("required", out var required) && required.GetBoolean()}");

        Assert.Equal(
            ["header Idempotency-Key True", "header Prefer False", "header X-Channel True", "header X-Requested-By True", "path command True", "path id True"],
            parameters.Order(StringComparer.Ordinal));
        foreach (var read in new[] { "/accounts", "/accounts/{id}", "/accounts/{id}/statement", "/accounts/{id}/commands", "/accounts/{id}/events", "/transfers", "/transfers/{id}", "/transfers/{id}/events", "/ledger/trial-balance" })
            Assert.True(paths.GetProperty(read).TryGetProperty("get", out _), read);
    }

    [SkippableFact]
    public async Task The_page_of_the_api_loads_nothing_from_elsewhere()
    {
        var page = await App.CreateClient().GetStringAsync("/docs");

        Assert.DoesNotContain("://", page.Replace("http://localhost", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("\"withDefaultFonts\":false", page.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static MoneyDeposited Deposited(Guid request) => new()
    {
        EventId = Guid.NewGuid(), RequestId = request, OccurredAt = DateTimeOffset.UnixEpoch, AccountId = "acc-1", AccountVersion = 7,
        Origin = new Origin { RequestedBy = "teller-17", Channel = "branch", RequestedAt = DateTimeOffset.UnixEpoch },
        Balance = new Money(11_234, "EUR"), Available = new Money(11_234, "EUR"), Amount = new Money(1_234, "EUR"),
    };

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static IEnumerable<string> Fields(JsonElement problem) => problem.GetProperty("errors").EnumerateObject().Select(error => error.Name);

    private Task Tell(IBankEvent @event) => ActivatorUtilities.CreateInstance<OutcomeHandler>(App.Services).Handle(@event, new TestableMessageHandlerContext());

    private async Task<(HttpStatusCode Status, JsonElement Body, Dictionary<string, string> Headers)> Post(string command, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/accounts/acc-1/commands/{command}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in Caller.Where(own => headers.All(other => other.Name != own.Item1)).Concat(headers).Where(header => header.Item2.Length > 0))
            request.Headers.Add(name, value);
        using var response = await App.CreateClient().SendAsync(request);
        if (!response.IsSuccessStatusCode) Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement, response.Headers.ToDictionary(header => header.Key, header => string.Join(",", header.Value)));
    }
}
