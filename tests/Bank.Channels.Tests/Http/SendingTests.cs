using System.Net;
using Bank.Channels.Handlers;
using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.Contracts.Transfers;
using Bank.Hosting;
using Bank.ServiceBus;
using Bank.ServiceBus.Testing;
using Bank.Testing.Servers;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Bank.Channels.Tests.Http;

public sealed class SendingOnSqlite() : SendingTests(DatabaseKind.Sqlite);

public sealed class SendingOnPostgreSql() : SendingTests(DatabaseKind.PostgreSql);

/// <summary>Requests in the face of failures, haste, and several instances of the gateway.</summary>
public abstract class SendingTests(DatabaseKind kind) : IAsyncLifetime
{
    private const string Amount = """{"amount":"12.34","currency":"EUR"}""";

    private readonly TellingSession session = new();
    private readonly List<IAsyncDisposable> started = [];
    private EndpointDatabase? database;
    private WebApplicationFactory<Program>? one;

    private WebApplicationFactory<Program> One => one ??= Instance();

    public async Task InitializeAsync() => database = await EndpointDatabase.Create(kind);

    public async Task DisposeAsync()
    {
        foreach (var app in started) await app.DisposeAsync();
        if (database is not null) await database.DisposeAsync();
    }

    [SkippableFact]
    public async Task Each_address_sends_its_own_command()
    {
        var hold = Guid.NewGuid();
        (string Command, string? Body)[] requests =
        [
            ("open", """{"currency":"EUR","overdraftLimit":50}"""), ("open", """{"currency":"JPY"}"""), ("deposit", """{"amount":12.3,"currency":"EUR"}"""),
            ("reserve", """{"amount":"5","currency":"EUR","expiresAt":"2030-01-01T00:00:00Z"}"""), ("capture", $$"""{"reservationId":"{{hold}}"}"""),
            ("release", $$"""{"reservationId":"{{hold}}"}"""), ("close", null), ("transfer", """{"to":"acc-2","amount":"7.00","currency":"EUR","reference":"rent March","purpose":"rent","valueDate":null}"""),
        ];
        foreach (var (number, request) in requests.Index())
            Assert.Equal(HttpStatusCode.Accepted, (await Answer.ToCommand(One, request.Command, request.Body, Answer.Caller($"key-{number:D8}"))).Status);

        var sent = session.SentMessages.Select(message => message.Message).ToArray();
        Assert.Equal(requests.Length, sent.Select(message => ((IBankCommand)message).RequestId).Distinct().Count());
        Assert.Equal(("acc-1", "EUR", new Money(5000, "EUR")), sent[0] is OpenAccount euro ? (euro.AccountId, euro.Currency, euro.OverdraftLimit) : default);
        Assert.Equal(("acc-1", "JPY", null), sent[1] is OpenAccount yen ? (yen.AccountId, yen.Currency, yen.OverdraftLimit) : default);
        Assert.Equal(("acc-1", new Money(1230, "EUR")), sent[2] is Deposit deposit ? (deposit.AccountId, deposit.Amount) : default);
        var reserve = Assert.IsType<ReserveFunds>(sent[3]);
        Assert.Equal(("acc-1", new Money(500, "EUR"), reserve.RequestId), (reserve.AccountId, reserve.Amount, reserve.ReservationId));
        Assert.Equal(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), reserve.ExpiresAt);
        Assert.Equal(("acc-1", hold), sent[4] is CaptureReservation capture ? (capture.AccountId, capture.ReservationId) : default);
        Assert.Equal(("acc-1", hold), sent[5] is ReleaseReservation release ? (release.AccountId, release.ReservationId) : default);
        Assert.Equal("acc-1", Assert.IsType<CloseAccount>(sent[6]).AccountId);
        var transfer = Assert.IsType<InitiateTransfer>(sent[7]);
        Assert.Equal(("acc-1", "acc-2", "rent March"), (transfer.PayerAccountId, transfer.PayeeAccountId, transfer.Reference));
        Assert.Equal((new Money(700, "EUR"), transfer.RequestId), (transfer.Amount, transfer.TransferId));
    }

    [SkippableFact]
    public async Task The_same_request_many_times_at_once_to_several_instances_is_one_request()
    {
        WebApplicationFactory<Program>[] instances = [One, Instance()];
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(number => Withdraw(instances[number % 2])));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Accepted, answer.Status));
        Assert.Single(answers.Select(answer => answer.Member("requestId")).Distinct());
        Assert.Single(session.SentMessages.Select(message => ((Withdraw)message.Message).RequestId).Distinct());
    }

    [SkippableFact]
    public async Task A_request_that_could_not_be_sent_is_sent_when_it_is_repeated()
    {
        session.Broken = true;
        var refused = await Withdraw(One);
        session.Broken = false;

        Assert.Contains("Idempotency-Key", refused.Problem(HttpStatusCode.ServiceUnavailable).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.True(int.Parse(refused.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture) > 0);
        Assert.Empty(session.SentMessages);
        Assert.Equal(HttpStatusCode.Accepted, (await Withdraw(One)).Status);
        Assert.IsType<Withdraw>(Assert.Single(session.SentMessages).Message);
    }

    [SkippableFact]
    public async Task An_instant_without_offset_is_UTC_wherever_the_gateway_runs()
    {
        Assert.NotEqual(TimeSpan.Zero, TimeZoneInfo.Local.BaseUtcOffset);
        await Answer.ToCommand(One, "reserve", """{"amount":"5","currency":"EUR","expiresAt":"2030-01-01T06:00:00"}""", Answer.Caller());
        Assert.Equal(new DateTimeOffset(2030, 1, 1, 6, 0, 0, TimeSpan.Zero), Assert.IsType<ReserveFunds>(Assert.Single(session.SentMessages).Message).ExpiresAt);
    }

    [SkippableFact]
    public async Task A_request_is_remembered_before_it_is_sent()
    {
        // The fastest of outcomes arrives while the request is still being sent.
        session.Sending = message => Tell(One, Events.Withdrawn(((Withdraw)message).RequestId));

        var answer = await Withdraw(One, ("Prefer", "wait=30"));

        Assert.Equal((HttpStatusCode.OK, "completed"), (answer.Status, answer.Member("status")));
    }

    [SkippableFact]
    public async Task An_outcome_that_reached_another_instance_is_told_to_the_client_that_waits_at_this_one()
    {
        var other = Instance();
        var waiting = Withdraw(One, ("Prefer", "wait=30"));
        var request = await session.FirstSent.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await Tell(other, Events.Declined(((Withdraw)request).RequestId));

        var answer = await waiting;

        Assert.Equal((HttpStatusCode.OK, "declined", DeclineReason.InsufficientFunds), (answer.Status, answer.Member("status"), answer.Member("reason")));
        Assert.Equal(7, answer.Json.GetProperty("accountVersion").GetInt64());
        Assert.Equal(answer.Text, (await Answer.ToGet(other, answer.Headers["Location"])).Text);
    }

    private static Task Tell(WebApplicationFactory<Program> app, IBankEvent @event) =>
        ActivatorUtilities.CreateInstance<OutcomeHandler>(app.Services).Handle(@event, new TestableMessageHandlerContext());

    private static Task<Answer> Withdraw(WebApplicationFactory<Program> app, params (string, string)[] headers) =>
        Answer.ToCommand(app, "withdraw", Amount, [.. Answer.Caller(), .. headers]);

    private WebApplicationFactory<Program> Instance()
    {
        Skip.If(database is null, "BANK_TEST_POSTGRES names no PostgreSQL server.");
        var app = new ChannelsApp(database);
        started.Add(app);
        return app.WithWebHostBuilder(builder => builder.ConfigureTestServices(services => services.AddSingleton<IMessageSession>(session)));
    }

    /// <summary>A session that a test may break, and that tells of a message before it is on its way.</summary>
    private sealed class TellingSession : TestableMessageSession
    {
        public bool Broken { get; set; }

        public Func<object, Task> Sending { get; set; } = _ => Task.CompletedTask;

        public TaskCompletionSource<object> FirstSent { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async Task Send(object message, SendOptions sendOptions, CancellationToken cancellationToken = default)
        {
            if (Broken) throw new IOException("The broker is away.");
            await Sending(message);
            await base.Send(message, sendOptions, cancellationToken);
            FirstSent.TrySetResult(message);
        }
    }
}
