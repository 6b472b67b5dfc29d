using Bank.CommandLine;
using Bank.CommandLine.Client;
using Bank.CommandLine.Verbs;

namespace Bank.EndToEnd.Tests;

// How views are built anew, and how far behind they are.
public abstract partial class BankBehaviour
{
    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Views_that_are_built_anew_hold_what_they_held_and_what_happens_meanwhile(bool dies)
    {
        Require();
        var (payer, payee) = (await Accounts.Open("payer", balance: 100), await Accounts.Open("payee"));
        foreach (var amount in (decimal[])[10, 20, 30]) Assert.True((await Accounts.Transfer(payer, payee, amount)).IsCompleted);
        await Accounts.HasBalance(payee, 60);
        // More than fits into one message of any transport.
        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, _) => await Accounts.Completed(payer, "deposit", new { amount = "1.00", currency = "EUR" }));
        await Accounts.HasBalance(payer, 240);
        var before = (await StatementVerb.Read(bank.Client, payee, "limit=100", CancellationToken.None)).GetRawText();

        using var projections = new ProjectionClient(bank.Processes.Plan.Urls["Bank.Projections"]);
        if (dies)
        {
            // All are built anew all the same.
            Assert.True(await projections.Rebuild("ledger", CancellationToken.None));
            await bank.Processes.Crash("Bank.Projections");
            bank.Processes.Start("Bank.Projections");
        }

        var rebuilding = RebuildVerb.Rebuild(projections, null, Verb.Silent(), CancellationToken.None);
        var other = await Accounts.Open("other", balance: 10);
        var rebuilt = await rebuilding.WaitAsync(Limit);
        Assert.Equal(["balances", "ledger", "statement", "transfers"], rebuilt.Select(projection => projection.Name).Order());
        Assert.All(rebuilt, projection => Assert.Equal(("Done", "Following"), (projection.Rebuild!.State, projection.State)));
        Assert.Equal(before, (await StatementVerb.Read(bank.Client, payee, "limit=100", CancellationToken.None)).GetRawText());
        await Accounts.HasBalance(other, 10);
        await NothingIsBroken();
    }

    [SkippableFact]
    public async Task How_far_publishing_and_views_are_behind_the_store_can_be_asked()
    {
        Require();
        var (payer, payee) = (await Accounts.Open("counted", balance: 1), await Accounts.Open("payee"));
        Assert.True((await Accounts.Transfer(payer, payee, 1)).IsCompleted);
        using var projections = new ProjectionClient(bank.Processes.Plan.Urls["Bank.Projections"]);
        var (heads, behind) = ((long[])[], (long?[])[]);
        using var limit = new CancellationTokenSource(Limit);
        while (behind is not [0, 0, 0, 0])
        {
            var hubs = await HubView.ReadAll(bank.Processes.Plan, limit.Token);
            heads = [.. new[] { "Bank.Accounts", "Bank.Transfers" }.Select(endpoint => Assert.Single(hubs, hub => hub.Endpoint == endpoint).Head)];
            behind = [.. (await projections.Read(limit.Token)).Select(projection => projection.Behind(hubs))];
        }

        Assert.All(heads, head => Assert.True(head >= 1, $"The head is {head}."));
    }

    [SkippableFact]
    public async Task A_rebuild_of_a_view_that_is_not_there_names_those_that_are()
    {
        Require();
        using var projections = new ProjectionClient(bank.Processes.Plan.Urls["Bank.Projections"]);
        var refusal = await Assert.ThrowsAsync<VerbException>(() => RebuildVerb.Rebuild(projections, "nonsense", Verb.Silent(), CancellationToken.None));
        Assert.Equal((ExitCode.Malformed, "There is no projection 'nonsense'; there are balances, ledger, statement, transfers."), (refusal.ExitCode, refusal.Message));
    }
}
