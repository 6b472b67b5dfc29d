using Bank.CommandLine;
using Bank.CommandLine.Client;
using Bank.CommandLine.Payments;
using Bank.CommandLine.Verbs;

namespace Bank.EndToEnd.Tests;

/// <summary>What the bank promises to those who use it, shown with all its processes running.</summary>
public abstract partial class BankBehaviour(RunningBank bank)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private Accounts Accounts => new(bank.Client);

    [SkippableFact]
    public async Task A_transfer_moves_money_from_payer_to_payee()
    {
        Require();
        var (payer, payee) = (await Accounts.Open("payer", balance: 100), await Accounts.Open("payee"));
        var outcome = await Accounts.Transfer(payer, payee, 30.50m);
        Assert.True(outcome.IsCompleted);
        await Accounts.HasBalance(payer, 69.50m);
        await Accounts.HasBalance(payee, 30.50m);
        Assert.Equal(
            [("TransferInitiated", null), ("funds-reserved", payer), ("account-credited", payee), ("reservation-captured", payer), ("TransferCompleted", null)],
            (await Steps(outcome, atLeast: 5)).Select(step => (step.Type, step.AccountId)));
        await NothingIsBroken();
    }

    [SkippableTheory]
    [InlineData("more than there is", "InsufficientFunds")]
    [InlineData("to an unknown account", "AccountUnknown")]
    [InlineData("to a closed account", "AccountIsClosed")]
    [InlineData("to an account in another currency", "CurrencyMismatch")]
    [InlineData("in a currency that the payer has not", "CurrencyMismatch")]
    [InlineData("to the payer itself", "SameAccount")]
    public async Task A_transfer_that_cannot_be_says_why_and_leaves_the_money_where_it_was(string kind, string reason)
    {
        Require();
        var payer = await Accounts.Open("payer", balance: 100);
        var (payee, amount, currency) = kind switch
        {
            "more than there is" => (await Accounts.Open("payee"), 100.01m, "EUR"),
            "to an unknown account" => (Accounts.NewId("nobody"), 10m, "EUR"),
            "to a closed account" => (await Closed(), 10m, "EUR"),
            "to an account in another currency" => (await Accounts.Open("dollars", "USD"), 10m, "EUR"),
            "in a currency that the payer has not" => (await Accounts.Open("dollars", "USD"), 10m, "USD"),
            _ => (payer, 10m, "EUR"),
        };
        var outcome = await Accounts.Transfer(payer, payee, amount, currency);
        Assert.Equal((false, reason), (outcome.IsCompleted, outcome.Reason));
        Assert.Equal(("TransferFailed", reason), (await Steps(outcome, atLeast: 1)).Select(step => (step.Type, step.Reason)).Last());
        await Accounts.HasBalance(payer, 100);
        // What had been held is available again.
        Assert.True((await Accounts.Send(payer, "withdraw", new { amount = "100.00", currency = "EUR" })).IsCompleted);
        await NothingIsBroken();
    }

    [SkippableFact]
    public async Task The_same_request_twice_has_one_effect()
    {
        Require();
        var (payer, payee) = (await Accounts.Open("payer", balance: 100), await Accounts.Open("payee"));
        var key = Guid.NewGuid().ToString();
        var both = await Task.WhenAll(Accounts.Transfer(payer, payee, 40, key: key), Accounts.Transfer(payer, payee, 40, key: key));
        Assert.All(both, outcome => Assert.True(outcome.IsCompleted));
        await Accounts.HasBalance(payer, 60);
        await Accounts.HasBalance(payee, 40);
        await NothingIsBroken();
    }

    [SkippableFact]
    public async Task The_same_payment_file_twice_moves_the_money_once()
    {
        Require();
        var payer = await Accounts.Open("payer", balance: 1000);
        var payees = await Payees(5);
        var xml = PaymentFiles.Pain001(payer, payees, 10);
        var first = await Pay(xml);
        var second = await Pay(xml);
        Assert.All(first.Concat(second), outcome => Assert.Null(outcome.Reason));
        Assert.Equal(first.Select(outcome => outcome.TransferId), second.Select(outcome => outcome.TransferId));
        await Accounts.HasBalance(payer, 950);
        await NothingIsBroken();
    }

    [SkippableFact]
    public async Task A_payment_whose_ids_were_used_for_another_amount_is_rejected_and_the_rest_of_its_file_executed()
    {
        Require();
        var payer = await Accounts.Open("payer", balance: 1000);
        var payees = await Payees(3);
        var xml = PaymentFiles.Pain001(payer, payees[..2], 10);
        await Pay(xml);
        // The same message id, with the amounts changed and one payment more.
        var changed = PaymentFiles.Pain001(payer, payees, 11, PaymentFiles.MessageIdOf(xml));
        Assert.Equal([PaymentOutcome.IdUsedBefore, PaymentOutcome.IdUsedBefore, null], (await Pay(changed)).Select(outcome => outcome.Reason));
        await Accounts.HasBalance(payer, 969);
        await NothingIsBroken();
    }

    [SkippableFact]
    public async Task The_description_of_the_API_names_every_member_of_its_answers()
    {
        Require();
        var (payer, payee) = (await Accounts.Open("payer", balance: 100), await Accounts.Open("payee"));
        var transfer = (await Accounts.Transfer(payer, payee, 30)).Json.GetProperty("transferId").GetString()!;
        await Accounts.HasBalance(payee, 30);
        await bank.Client.Await($"/transfers/{transfer}", shown => shown.GetProperty("state").GetString() == "Completed", Limit, CancellationToken.None);
        var description = await ApiDescription.Read(bank.Client);
        foreach (var (path, address) in new[]
        {
            ("/accounts", "/accounts"), ("/accounts/{id}", $"/accounts/{payer}"), ("/accounts/{id}", $"/accounts/{payer}?asOf={DateTimeOffset.UtcNow.AddDays(1):yyyy-MM-dd}"),
            ("/accounts/{id}", $"/accounts/{payer}?valueDate={DateTimeOffset.UtcNow:yyyy-MM-dd}"), ("/accounts/{id}/end-of-day", $"/accounts/{payer}/end-of-day"),
            ("/accounts/{id}/statement", $"/accounts/{payer}/statement?valueDate={DateTimeOffset.UtcNow:yyyy-MM-dd}"), ("/accounts/{id}/statement", $"/accounts/{payer}/statement"), ("/accounts/{id}/commands", $"/accounts/{payer}/commands"), ("/accounts/{id}/events", $"/accounts/{payer}/events"),
            ("/transfers", "/transfers"), ("/transfers/{id}", $"/transfers/{transfer}"), ("/transfers/{id}/events", $"/transfers/{transfer}/events"), ("/ledger/trial-balance", "/ledger/trial-balance"),
        })
            Assert.Empty(description.Differences(path, (await bank.Client.Get(address, CancellationToken.None))!.Value));
    }

    [SkippableFact]
    public async Task An_entry_that_is_dated_too_far_back_is_refused_and_one_of_today_counts_today()
    {
        Require();
        var id = await Accounts.Open("dated", balance: 100);
        var (today, before) = (DateTimeOffset.UtcNow.ToString("yyyy-MM-dd"), DateTimeOffset.UtcNow.AddDays(-2).ToString("yyyy-MM-dd"));

        var refused = await bank.Client.Send(id, "deposit", new { amount = "5", currency = "EUR", valueDate = before }, Guid.NewGuid().ToString(), Limit, CancellationToken.None);
        var booked = await bank.Client.Send(id, "deposit", new { amount = "7", currency = "EUR", valueDate = today }, Guid.NewGuid().ToString(), Limit, CancellationToken.None);

        Assert.Equal(("AccountRequestDeclined", "ValueDateBeforeOpening"), (refused.Event, refused.Reason));
        Assert.True(booked.IsCompleted, booked.Reason);
        await Accounts.HasBalance(id, 107);
        var statement = (await bank.Client.Get($"/accounts/{id}/statement?valueFrom={today}", CancellationToken.None))!.Value;
        Assert.Contains(statement.GetProperty("lines").EnumerateArray(), line => line.GetProperty("valueDate").GetString() == today && line.GetProperty("amount").GetProperty("minorUnits").GetInt64() == 700);
    }

    [SkippableFact]
    public async Task A_payment_file_in_a_currency_that_the_payer_has_not_is_refused_before_anything_is_sent()
    {
        Require();
        var payer = await Accounts.Open("payer", "USD", 1000);
        var payees = await Payees(2);
        var refusal = await Assert.ThrowsAsync<VerbException>(() => Pay(PaymentFiles.Pain001(payer, payees, 10)));
        Assert.Equal(ExitCode.Malformed, refusal.ExitCode);
        Assert.Contains("InstdAmt: Ccy is 'EUR'", refusal.Message);
        await Accounts.HasBalance(payer, 1000);
    }

    [SkippableTheory]
    [InlineData("Bank.Accounts")]
    [InlineData("Bank.Transfers")]
    [InlineData("Bank.Projections")]
    [InlineData("Bank.Channels")]
    public async Task Killing_an_endpoint_in_the_middle_of_a_payroll_changes_nothing_about_its_end(string endpoint)
    {
        Require();
        const int payments = 60;
        var payer = await Accounts.Open("payer", balance: 1000);
        var payees = await Payees(payments);
        var done = 0;
        var file = await Read(PaymentFiles.Pain001(payer, payees, 10));
        var run = new PaymentRun(bank.Client).Execute(file, Limit, _ => Interlocked.Increment(ref done), CancellationToken.None);
        await Until(() => Volatile.Read(ref done) >= payments / 4 || run.IsCompleted);
        await bank.Processes.Crash(endpoint);
        bank.Processes.Start(endpoint);
        var outcomes = await run;
        await bank.Processes.Ready(CancellationToken.None);
        Assert.All(outcomes, outcome => Assert.Null(outcome.Reason));
        await Accounts.HasBalance(payer, 1000 - (payments * 10));
        foreach (var payee in payees) await Accounts.HasBalance(payee, 10);
        await NothingIsBroken();
    }

    [SkippableFact]
    public async Task The_history_of_an_account_tells_who_asked_through_which_channel_when_and_why_refusals_too()
    {
        Require();
        var id = await Accounts.Open("audited", balance: 10);
        await Accounts.Send(id, "withdraw", new { amount = "99.00", currency = "EUR", purpose = "case-4711" });
        var history = (await bank.Client.Get($"/accounts/{id}/events", CancellationToken.None))!.Value;
        var events = history.GetProperty("events").EnumerateArray().ToArray();
        Assert.Equal(["account-opened", "money-deposited", "withdrawal-refused"], events.Select(item => item.GetProperty("type").GetString()));
        var refusal = events[2].GetProperty("data");
        Assert.Equal("InsufficientFunds", refusal.GetProperty("reason").GetString());
        var origin = refusal.GetProperty("origin");
        Assert.Equal(("tester", "test", "case-4711"), (origin.GetProperty("requestedBy").GetString(), origin.GetProperty("channel").GetString(), origin.GetProperty("purpose").GetString()));
        Assert.True(origin.GetProperty("requestedAt").GetDateTimeOffset() <= refusal.GetProperty("occurredAt").GetDateTimeOffset());
    }

    [SkippableFact]
    public async Task What_may_be_done_with_an_account_is_told_beforehand_with_the_reason_for_the_rest()
    {
        Require();
        var id = await Accounts.Open("empty");
        var commands = (await bank.Client.Get($"/accounts/{id}/commands", CancellationToken.None))!.Value.GetProperty("commands").EnumerateArray()
            .ToDictionary(command => command.GetProperty("name").GetString()!, command => command.GetProperty("reason").GetString());
        Assert.Null(commands["deposit"]);
        Assert.Null(commands["close"]);
        foreach (var (name, body) in new (string, object)[] { ("withdraw", new { amount = "1.00", currency = "EUR" }), ("open", new { currency = "EUR" }) })
        {
            var outcome = await Accounts.Send(id, name, body);
            // What the list says beforehand is what the decision says afterwards.
            Assert.Equal((false, commands[name]), (outcome.IsCompleted, outcome.Reason));
        }
    }

    [SkippableFact]
    public async Task A_balance_can_be_asked_for_as_of_an_earlier_instant()
    {
        Require();
        var id = await Accounts.Open("earlier", balance: 25);
        await Accounts.HasBalance(id, 25);
        var before = DateTimeOffset.UtcNow;
        await Accounts.Completed(id, "withdraw", new { amount = "5.00", currency = "EUR" });
        await Accounts.HasBalance(id, 20);
        var then = (await bank.Client.Get($"/accounts/{id}?asOf={Uri.EscapeDataString(before.ToString("O"))}", CancellationToken.None))!.Value;
        Assert.Equal("25.00", then.GetProperty("balance").GetProperty("amount").GetString());
    }

    [SkippableFact]
    public async Task A_hold_that_is_not_captured_in_time_ends_by_itself()
    {
        Require();
        var id = await Accounts.Open("held", balance: 100);
        var held = await Accounts.Send(id, "reserve", new { amount = "60.00", currency = "EUR", expiresAt = DateTimeOffset.UtcNow.AddSeconds(3) });
        Assert.True(held.IsCompleted, held.Reason);
        Assert.Equal("40.00", held.Json.GetProperty("available").GetProperty("amount").GetString());
        await bank.Client.Await(
            $"/accounts/{id}", account => account.GetProperty("available").GetProperty("amount").GetString() == "100.00", TimeSpan.FromSeconds(30), CancellationToken.None);
        await NothingIsBroken();
    }

    private async Task<string> Closed()
    {
        var id = await Accounts.Open("closed");
        await Accounts.Completed(id, "close", new { });
        return id;
    }

    private async Task<string[]> Payees(int count) =>
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Accounts.Open("payee")));

    private async Task<IReadOnlyList<PaymentOutcome>> Pay(string xml) =>
        await PayVerb.Execute(bank.Client, await Read(xml), Verb.Silent(), Limit, CancellationToken.None);

    private async Task<PaymentFile> Read(string xml)
    {
        var source = new FileInfo(Path.GetTempFileName());
        try
        {
            await File.WriteAllTextAsync(source.FullName, xml);
            // The view of a payer opened a moment ago may still be on its way.
            await bank.Client.Await($"/accounts/{PaymentFiles.PayerOf(xml)}", _ => true, Limit, CancellationToken.None);
            return await PayVerb.Read(bank.Client, source, CancellationToken.None);
        }
        finally
        {
            source.Delete();
        }
    }

    private async Task<IReadOnlyList<TransferStep>> Steps(CommandOutcome outcome, int atLeast)
    {
        var deadline = DateTime.UtcNow + Limit;
        while (true)
        {
            // What begins a transfer may reach the journal after what ends it.
            var steps = await new TransferSteps(bank.Client, outcome.Json.GetProperty("transferId").GetGuid()).Read(CancellationToken.None) ?? [];
            if (steps.Count >= atLeast || DateTime.UtcNow > deadline) return steps;
            await Task.Delay(100);
        }
    }

    private async Task NothingIsBroken() => Assert.Empty(await bank.BrokenInvariants());

    private void Require() => Skip.If(bank.Missing is not null, bank.Missing);

    private static async Task Until(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!condition()) await Task.Delay(10, limit.Token);
    }
}

[Collection(nameof(SharedEmbeddedBank))]
public sealed class EmbeddedBankTests(EmbeddedBank bank) : BankBehaviour(bank);

[Collection(nameof(SharedServerBank))]
public sealed class ServerBankTests(ServerBank bank) : BankBehaviour(bank);
