using Bank.CommandLine.Client;
using Bank.CommandLine.Verbs;

namespace Bank.EndToEnd.Tests;

// What is archived while the bank runs.
public abstract partial class BankBehaviour
{
    [SkippableFact]
    public async Task Whoever_asks_after_everything_was_archived_gets_the_same_answers()
    {
        Require();
        var (payer, payee) = (await Accounts.Open("archived", balance: 100), await Accounts.Open("payee"));
        var transfer = await Accounts.Transfer(payer, payee, 30);
        Assert.True(transfer.IsCompleted);
        var (key, body) = (Guid.NewGuid().ToString(), new { amount = "5.00", currency = "EUR" });
        Assert.True((await bank.Client.Send(payer, "withdraw", body, key, Limit, CancellationToken.None)).IsCompleted);
        await Accounts.HasBalance(payer, 65);
        var steps = await Steps(transfer, atLeast: 5);
        var before = await Answers();

        var plan = bank.Processes.Plan;
        var now = DateTimeOffset.UtcNow;
        var found = await ArchiveVerb.Archive(plan, "Bank.Accounts", now, isDryRun: true, Verb.Silent(), CancellationToken.None);
        var archived = await ArchiveVerb.Archive(plan, "Bank.Accounts", now, isDryRun: false, Verb.Silent(), CancellationToken.None);
        var journal = await ArchiveVerb.Archive(plan, "Bank.Transfers", now, isDryRun: false, Verb.Silent(), CancellationToken.None);
        Assert.True(archived.Events >= 7 && journal.Events >= 2, $"{archived} {journal}");
        Assert.Equal((archived.Events, archived.Bytes, null), (found.Events, found.Bytes, found.ArchivedBytes));
        Assert.Equal(0, (await ArchiveVerb.Archive(plan, "Bank.Accounts", now, isDryRun: false, Verb.Silent(), CancellationToken.None)).Events);

        // A process that remembers nothing folds from the archive.
        await bank.Processes.Crash("Bank.Accounts");
        bank.Processes.Start("Bank.Accounts");
        await bank.Processes.Ready(CancellationToken.None);
        Assert.Equal(before, await Answers());
        Assert.Equal(steps, await Steps(transfer, atLeast: 5));
        using var projections = new ProjectionClient(plan.Urls["Bank.Projections"]);
        Assert.All(await RebuildVerb.Rebuild(projections, null, Verb.Silent(), CancellationToken.None).WaitAsync(Limit), projection => Assert.Equal("Done", projection.Rebuild!.State));
        Assert.Equal(before, await Answers());
        Assert.True((await bank.Client.Send(payer, "withdraw", body, key, Limit, CancellationToken.None)).IsCompleted);
        await Accounts.Completed(payer, "withdraw", body);
        await Accounts.HasBalance(payer, 60);
        await NothingIsBroken();

        async Task<string[]> Answers() =>
        [
            (await bank.Client.Get($"/accounts/{payer}/events", CancellationToken.None))!.Value.GetRawText(),
            (await bank.Client.Get($"/accounts/{payee}/events?from=1&limit=1", CancellationToken.None))!.Value.GetRawText(),
            (await StatementVerb.Read(bank.Client, payer, "limit=100", CancellationToken.None)).GetRawText(),
        ];
    }
}
