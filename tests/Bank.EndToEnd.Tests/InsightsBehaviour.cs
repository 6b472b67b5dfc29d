using System.Text.Json;
using Bank.CommandLine.Client;
using Bank.CommandLine.Running;
using Bank.CommandLine.Verbs;
using Bank.CommandLine.Verification;
using Bank.Contracts.Insights;
using Bank.EndToEnd.Tests.Replays;

namespace Bank.EndToEnd.Tests;

/// <summary>A service that nobody had thought of joins a bank with a past. Each test has a bank of its own.</summary>
public abstract class InsightsBehaviour(RunningBank bank) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private Accounts Accounts => new(bank.Client);

    public Task InitializeAsync() => bank.InitializeAsync();

    public Task DisposeAsync() => bank.DisposeAsync();

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_knows_the_past_and_follows_from_there(bool dies)
    {
        Skip.If(bank.Missing is not null, bank.Missing);
        await using var listener = await Listener.Join(bank.Processes.Plan);
        var (payer, payee, landlord) = (await Accounts.Open("payer", balance: 1000), await Accounts.Open("payee"), await Accounts.Open("landlord"));
        var past = new List<Guid> { await Pay(payer, landlord, "500.00", "rent January") };
        for (var transfer = 0; transfer < 6; transfer++) past.Add(await Pay(payer, payee, "10.00", null));
        await Accounts.Completed(payer, "withdraw", new { amount = "20.00", currency = "EUR" });
        // More than fits into one message of any transport.
        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, _) => await Accounts.Completed(payee, "deposit", new { amount = "1.00", currency = "EUR" }));
        Assert.Empty(listener.Insights);

        // What another bank on this broker left in its queue is not the past of this one.
        if (bank.Processes.Plan.RabbitMqConnection is { } broker) await BrokerQueues.Purge(broker, [BankPlan.Insights], CancellationToken.None);
        bank.Processes.Start(BankPlan.Insights);
        await bank.Processes.Ready(CancellationToken.None);
        if (dies)
        {
            await bank.Processes.Crash(BankPlan.Insights);
            bank.Processes.Start(BankPlan.Insights);
            await bank.Processes.Ready(CancellationToken.None);
        }

        using var insights = new BankClient(bank.Processes.Plan.Urls[BankPlan.Insights]);
        await Spent(insights, payer, "Housing 500.00", "Transfers 60.00", "Cash 20.00");
        Assert.Equal([landlord, payee], (await InsightsVerb.Read(insights, payer, CancellationToken.None)).Counterparties.GetProperty("counterparties").EnumerateArray()
            .Select(other => other.GetProperty("counterpartyId").GetString()));
        await Found(insights, payer);
        await Until(() => listener.Insights.Any(), "the suspicion");
        var suspicion = Assert.Single(listener.Insights.OfType<SuspiciousActivityDetected>().DistinctBy(found => found.EventId));
        Assert.Equal((payer, SuspiciousPattern.TransferBurst), (suspicion.AccountId, suspicion.Pattern));
        Assert.Equal(past.Take(5), suspicion.TransferIds);

        for (var transfer = 0; transfer < 5; transfer++) await Pay(payee, landlord, "1.00", "invoice 4711");
        await Spent(insights, payee, "Invoices 5.00");
        await Found(insights, payee);
        await Until(() => listener.Insights.Any(found => found.AccountId == payee), "what happened since");
        Assert.Empty(await bank.BrokenInvariants());
        Assert.Equal(2, (await new FactReader(bank.Processes.Plan).Read(CancellationToken.None)).Findings.Count(found => found.Type == "suspicious-activity-detected"));
    }

    private static async Task Spent(BankClient insights, string account, params string[] expected)
    {
        var shown = await insights.Await($"/accounts/{account}/spending", spending => Lines(spending).SequenceEqual(expected), Limit, CancellationToken.None);
        Assert.Equal(expected, Lines(shown));
    }

    private static Task<JsonElement> Found(BankClient insights, string account) =>
        insights.Await($"/accounts/{account}/suspicions", found => found.GetProperty("suspicions").GetArrayLength() == 1, Limit, CancellationToken.None);

    private static IEnumerable<string> Lines(JsonElement spending) =>
        spending.GetProperty("months").EnumerateArray().SelectMany(month => month.GetProperty("categories").EnumerateArray())
            .Select(category => $"{category.GetProperty("category").GetString()} {category.GetProperty("amount").GetProperty("amount").GetString()}");

    private async Task<Guid> Pay(string from, string to, string amount, string? reference)
    {
        var outcome = await Accounts.Send(from, "transfer", new { amount, currency = "EUR", to, reference });
        Assert.True(outcome.IsCompleted, outcome.Reason);
        return outcome.Json.GetProperty("transferId").GetGuid();
    }

    private static async Task Until(Func<bool> condition, string what)
    {
        var limit = DateTimeOffset.UtcNow + Limit;
        while (!condition())
        {
            Assert.True(DateTimeOffset.UtcNow < limit, $"There was nothing of {what} within {Limit}.");
            await Task.Delay(50);
        }
    }
}

public sealed class EmbeddedInsightsTests() : InsightsBehaviour(new EmbeddedBank { JoinsLater = BankPlan.Insights });

public sealed class ServerInsightsTests() : InsightsBehaviour(new ServerBank { JoinsLater = BankPlan.Insights });
