using System.Net;
using System.Net.Http.Json;
using System.Web;
using Bank.CommandLine.Client;
using Bank.CommandLine.Verbs;
using Bank.Contracts;
using Spectre.Console.Testing;

namespace Bank.CommandLine.Tests.Transfers;

/// <summary>What <c>bank transfer --steps</c> gathers, and from where.</summary>
public sealed class TransferStepsTests
{
    private static readonly Guid Transfer = new("aaaaaaaa-0000-0000-0000-000000000001");
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Gateway gateway = new();

    [Fact]
    public async Task Steps_of_all_services_come_in_order_of_time()
    {
        Journal(("TransferCompleted", 50), ("TransferInitiated", 0));
        Account("payer", Step("funds-reserved", 10), Of("deposit", 20, Guid.NewGuid()), Step("reservation-captured", 40));
        Account("payee", Step("account-credited", 30));
        var steps = (await Read())!;

        Assert.Equal(
            [
                ("Bank.Transfers", null, "TransferInitiated"), ("Bank.Accounts", "payer", "funds-reserved"), ("Bank.Accounts", "payee", "account-credited"),
                ("Bank.Accounts", "payer", "reservation-captured"), ("Bank.Transfers", null, "TransferCompleted"),
            ],
            steps.Select(step => (step.Service, step.AccountId, step.Type)));
        Assert.All(steps, step => Assert.Equal(new Money(1234, "EUR"), step.Amount));
        Assert.Equal(steps.Count, steps.Select(step => step.EventId).Distinct().Count());
    }

    [Fact]
    public async Task What_was_refused_comes_with_its_reason_and_the_amount_that_was_asked_for()
    {
        Journal(("TransferInitiated", 0));
        Account(
            "payer",
            new { transferId = Transfer, asked = new { minorUnits = 99, currency = "USD" }, unitCurrency = "EUR", reason = "CurrencyMismatch", occurredAt = Noon },
            // A refused capture names the hold alone.
            new { reservationId = Transfer, unitCurrency = "EUR", reason = "ReservationUnknown", occurredAt = Noon });

        Assert.Equal(
            [(null, null), (new Money(99, "USD"), "CurrencyMismatch"), (null, "ReservationUnknown")],
            (await Read())!.Select(step => step.Service == "Bank.Transfers" ? (null, step.Reason) : (step.Amount, step.Reason)));
    }

    [Fact]
    public async Task A_long_account_is_read_around_the_time_of_the_transfer_alone()
    {
        const int before = 500_000, after = 500_000;
        Journal(("TransferInitiated", 0), ("TransferCompleted", 50));
        gateway.Streams["/accounts/payer"] = (before + after, version => version switch
        {
            before => Step("funds-reserved", 10),
            before + 1 => Step("reservation-captured", 40),
            // One event a second.
            _ => Of("deposit", version - before, Guid.NewGuid()),
        });

        Assert.Equal(["TransferInitiated", "funds-reserved", "reservation-captured", "TransferCompleted"], (await Read())!.Select(step => step.Type));
        Assert.True(gateway.Asked < 25, $"{gateway.Asked} requests");
    }

    [Theory]
    [InlineData(-200)]
    [InlineData(250)]
    public async Task A_step_counts_although_the_clocks_of_the_services_differ(int seconds)
    {
        Journal(("TransferInitiated", 0), ("TransferCompleted", 1));
        gateway.Streams["/accounts/payer"] = (5000, version => version < 2500 ? Of("deposit", seconds - 1000, Guid.NewGuid()) : version == 2500 ? Step("funds-reserved", seconds) : Of("deposit", seconds, Guid.NewGuid()));

        Assert.Contains("funds-reserved", (await Read())!.Select(step => step.Type));
    }

    [Fact]
    public async Task A_transfer_of_before_the_journal_is_found_by_its_view()
    {
        gateway.Views[$"/transfers/{Transfer}"] = new { payerAccountId = "payer", payeeAccountId = "payee", initiatedAt = Noon, endedAt = Noon.AddSeconds(50) };
        Account("payer", Step("funds-reserved", 10));

        Assert.Equal(["funds-reserved"], (await Read())!.Select(step => step.Type));
    }

    [Fact]
    public async Task A_transfer_that_was_refused_before_it_was_tried_has_one_step()
    {
        Journal(("TransferFailed", 0));
        gateway.Streams["/accounts/payer"] = (1_000_000, version => Of("deposit", version - 500_000, Guid.NewGuid()));

        Assert.Equal(["TransferFailed"], (await Read())!.Select(step => step.Type));
        Assert.True(gateway.Asked < 25, $"{gateway.Asked} requests");
    }

    [Fact]
    public async Task Of_an_unknown_transfer_there_are_no_steps() => Assert.Null(await Read());

    [Fact]
    public void A_step_is_shown_with_all_that_leads_on()
    {
        var step = new TransferStep(Noon.ToOffset(TimeSpan.FromHours(5)), "Bank.Accounts", "pay[er]", 3, "reservation-refused", new Money(1234, "EUR"), "InsufficientFunds", Guid.NewGuid());
        using var console = new TestConsole();
        console.Profile.Width = 200;
        TransferVerb.Print(console, Transfer, [step]);

        foreach (var text in new[] { "2026-03-01 12:00:00.000", "Bank.Accounts", "pay[er]", "reservation-refused", step.Amount!.ToString(), "InsufficientFunds", step.EventId.ToString() })
            Assert.Contains(text, console.Output);
    }

    private async Task<IReadOnlyList<TransferStep>?> Read()
    {
        using var client = new BankClient("http://gateway", handler: gateway);
        return await new TransferSteps(client, Transfer).Read(CancellationToken.None);
    }

    private void Journal(params (string Type, int Seconds)[] told) => gateway.Streams[$"/transfers/{Transfer}"] = (told.Length, version => new
    {
        type = told[version].Type,
        transferId = Transfer,
        payerAccountId = "payer",
        payeeAccountId = "payee",
        amount = new { minorUnits = 1234, currency = "EUR" },
        occurredAt = Noon.AddSeconds(told[version].Seconds),
        origin = new { requestedAt = Noon },
    });

    private void Account(string id, params object[] events) => gateway.Streams[$"/accounts/{id}"] = (events.Length, version => events[version]);

    private static object Step(string type, int seconds) => Of(type, seconds, Transfer);

    private static object Of(string type, int seconds, Guid transferId) =>
        new { type, transferId, amount = 1234, unitCurrency = "EUR", occurredAt = Noon.AddSeconds(seconds) };

    /// <summary>Streams as the gateway pages them, and views.</summary>
    private sealed class Gateway : HttpMessageHandler
    {
        public Dictionary<string, (int Length, Func<int, object> At)> Streams { get; } = [];

        public Dictionary<string, object> Views { get; } = [];

        public int Asked { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked++;
            var path = request.RequestUri!.AbsolutePath;
            var answer = path.EndsWith("/events", StringComparison.Ordinal) ? Page(path[..^"/events".Length], HttpUtility.ParseQueryString(request.RequestUri.Query)) : Views.GetValueOrDefault(path);
            return Task.FromResult(answer is null ? new HttpResponseMessage(HttpStatusCode.NotFound) : new HttpResponseMessage(HttpStatusCode.OK) { Content = JsonContent.Create(answer) });
        }

        private object? Page(string path, System.Collections.Specialized.NameValueCollection query)
        {
            if (!Streams.TryGetValue(path, out var stream)) return null;
            var (from, limit) = (int.Parse(query["from"]!), int.Parse(query["limit"]!));
            var to = Math.Min(from + limit, stream.Length);
            var events = Enumerable.Range(from, Math.Max(0, to - from)).Select(version => (Version: version, Data: stream.At(version)))
                .Select(item => new { version = item.Version, eventId = Guid.NewGuid(), type = Text(item.Data, "type"), data = item.Data });
            return new { lastVersion = stream.Length - 1, next = to < stream.Length ? to : (int?)null, events };
        }

        private static string Text(object data, string member) => data.GetType().GetProperty(member)?.GetValue(data) as string ?? "refused";
    }
}
