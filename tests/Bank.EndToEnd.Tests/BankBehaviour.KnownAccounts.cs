using Bank.CommandLine.Client;
using Bank.EndToEnd.Tests.Rebuilds;
using Bank.StreamStore;

namespace Bank.EndToEnd.Tests;

/// <summary>What Bank.Transfers knows of accounts by listening, and refuses by itself.</summary>
public abstract partial class BankBehaviour
{
    private const string Transfers = "Bank.Transfers";

    [SkippableFact]
    public async Task A_transfer_for_an_account_that_is_known_to_be_closed_is_declined_before_anything_is_held()
    {
        Require();
        var (payer, closed, dollars) = (await Accounts.Open("payer", balance: 100), await Closed(), await Accounts.Open("dollars", "USD"));
        // Among what holds is that the copy knows all accounts.
        await NothingIsBroken();
        foreach (var (from, to, reason, refusing) in new[] { (payer, closed, "AccountIsClosed", closed), (closed, payer, "AccountIsClosed", closed), (payer, dollars, "CurrencyMismatch", dollars) })
            await AssertDeclinedEarly(from, to, reason, refusing);
        await NothingIsBroken();
    }

    [SkippableFact]
    public async Task A_bank_of_before_the_copy_transfers_while_nobody_can_fill_it_and_knows_accounts_of_before_though_it_dies_meanwhile()
    {
        Require();
        var (payer, closed) = (await Accounts.Open("payer", balance: 100), await Closed());
        await NothingIsBroken();
        await bank.Processes.Crash(Transfers);
        await bank.Processes.Crash("Bank.Accounts");
        await ForgetCopy();
        bank.Processes.Start(Transfers);
        await bank.Processes.Ready(CancellationToken.None, except: "Bank.Accounts");
        using var projections = new ProjectionClient(bank.Processes.Plan.Urls[Transfers]);
        Assert.Equal("Filling", Assert.Single(await projections.Read(CancellationToken.None)).State);

        var transfer = Accounts.Transfer(payer, closed, 10);
        await Until(async () => await JournaledFor(closed) == 1);
        await bank.Processes.Crash(Transfers);
        bank.Processes.Start(Transfers);
        bank.Processes.Start("Bank.Accounts");
        await bank.Processes.Ready(CancellationToken.None);
        // Nothing counted as known, so the account was asked.
        var outcome = await transfer;
        Assert.Equal((false, "AccountIsClosed", closed), (outcome.IsCompleted, outcome.Reason, outcome.Json.GetProperty("refusingAccountId").GetString()));
        Assert.Contains("funds-reserved", (await Steps(outcome, atLeast: 5)).Select(step => step.Type));
        await Until(async () => (await projections.Read(CancellationToken.None)).Single().State == "Following");
        await AssertDeclinedEarly(payer, closed, "AccountIsClosed", closed);
        await NothingIsBroken();
    }

    private async Task AssertDeclinedEarly(string from, string to, string reason, string refusing)
    {
        var key = Guid.NewGuid().ToString();
        var outcome = await Accounts.Transfer(from, to, 10, key: key);
        Assert.Equal((false, "TransferFailed", reason, refusing), (outcome.IsCompleted, outcome.Event, outcome.Reason, outcome.Json.GetProperty("refusingAccountId").GetString()));
        var step = Assert.Single(await Steps(outcome, atLeast: 1));
        Assert.Equal(("TransferFailed", reason, refusing), (step.Type, step.Reason, step.AccountId));
        var again = await Accounts.Transfer(from, to, 10, key: key);
        Assert.Equal(outcome.Json.ToString(), again.Json.ToString());
        // Neither account was asked for anything that has to do with it.
        var transfer = outcome.Json.GetProperty("transferId").GetString()!;
        foreach (var account in new[] { from, to })
            Assert.DoesNotContain(transfer, (await bank.Client.Get($"/accounts/{account}/events?limit=1000", CancellationToken.None))!.Value.ToString(), StringComparison.Ordinal);
    }

    // As the database was before there were such tables.
    private async Task ForgetCopy()
    {
        await using var opened = await Views.DatabaseOf(bank.Processes.Plan, Transfers).OpenAsync();
        await using var command = opened.CreateCommand();
        command.CommandText =
            "DROP VIEW known_account; DROP TABLE known_account__1; DROP TABLE projection_generation; DROP TABLE projection_fill; DROP TABLE projection_replay; DROP TABLE projection_subject; DROP TABLE projection_gate";
        await command.ExecuteNonQueryAsync();
    }

    // How many events of transfers to an account the journal holds.
    private async Task<int> JournaledFor(string payee)
    {
        using var journal = Views.StoreOf(bank.Processes.Plan, Transfers);
        var count = 0;
        for (var page = await journal.ReadAllForwards(0, 1000); ; page = await page.ReadNext())
        {
            foreach (var message in page.Messages)
            {
                if ((await message.GetJsonData())!.Contains(payee, StringComparison.Ordinal)) count++;
            }

            if (page.IsEnd) return count;
        }
    }

    private static async Task Until(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!await condition()) await Task.Delay(50, limit.Token);
    }
}
