using System.Diagnostics;
using Bank.CommandLine.Client;
using Bank.CommandLine.Payments;
using Bank.CommandLine.Running;
using Bank.CommandLine.Verbs;
using Bank.CommandLine.Verification;
using Spectre.Console;

namespace Bank.CommandLine.Demo;

/// <summary>A day of the bank: accounts, cash, a payroll, statements, a service that joins, views built anew, and the proof.</summary>
/// <param name="bank">The running bank, without Bank.Insights.</param>
/// <param name="console">Where to show it; one that writes nowhere when only the result is wanted.</param>
internal sealed class DemoScript(BankProcesses bank, IAnsiConsole console)
{
    private const int AtATime = 16;
    private const string Shown = "employee-001";
    private const string Payer = "acme-eur";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly BankPlan plan = bank.Plan;

    private static string Samples => Path.Combine(EndpointFiles.Repository(), "ops", "samples");

    public async Task<DemoResult> Play(CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        using var client = new BankClient(plan.ChannelsUrl, "demo", "branch");
        var accounts = SampleAccount.Read(Path.Combine(Samples, "accounts.csv"));
        Say($"Opening {accounts.Count} accounts in {accounts.Select(account => account.Currency).Distinct().Count()} currencies");
        await Each(accounts, "open", account => new { currency = account.Currency, overdraftLimit = account.Overdraft }, client, cancellationToken);
        await Each(
            accounts.Where(account => account.HasBalance), "deposit", account => new { amount = account.OpeningBalance, currency = account.Currency }, client, cancellationToken);
        await Each(accounts.Where(account => account.Close), "close", _ => new { }, client, cancellationToken);
        var beforePayroll = DateTimeOffset.UtcNow;

        Say("Executing the payroll of ops/samples/payroll.pain001.xml");
        await client.Await($"/accounts/{Payer}", _ => true, Limit, cancellationToken);
        using var corporate = new BankClient(plan.ChannelsUrl, "corporate", "corporate-file");
        var file = await PayVerb.Read(corporate, new FileInfo(Path.Combine(Samples, "payroll.pain001.xml")), cancellationToken);
        var outcomes = await PayVerb.Execute(corporate, file, console, Limit, cancellationToken);
        PayVerb.Print(console, file, outcomes);
        var report = PayVerb.WriteReport(file, outcomes, Path.Combine(plan.DataDirectory, "payroll.pain002.xml"));
        Say($"The bank's answer, a pain.002, is in {report}");

        Say($"{Shown} withdraws cash, then asks for too much");
        await Withdraw(client, "100.00", "demo-cash-1", cancellationToken);
        await Withdraw(client, "1000000.00", "demo-cash-2", cancellationToken);
        await client.Await(
            $"/accounts/{Shown}/statement", statement => statement.GetProperty("lines").EnumerateArray().Any(line => line.GetProperty("kind").GetString() == "MoneyWithdrawn"),
            Limit, cancellationToken);
        StatementVerb.Print(console, await StatementVerb.Read(client, Shown, "limit=20", cancellationToken));
        Say($"{Shown} now, and as it was before the payroll, at {beforePayroll:HH:mm:ss.fff}");
        AccountVerb.Print(console, await AccountVerb.Read(client, Shown, null, cancellationToken));
        AccountVerb.Print(console, await AccountVerb.Read(client, Shown, beforePayroll, cancellationToken));

        var burst = await Join(cancellationToken);
        Say("Building every view anew from the history, while the old ones answer");
        using var projections = new ProjectionClient(plan.Urls["Bank.Projections"]);
        var rebuilt = await RebuildVerb.Rebuild(projections, null, console, cancellationToken);

        Say($"  {RebuildVerb.Summary(rebuilt)}");
        var results = await VerifyVerb.Verify(plan, TimeSpan.FromSeconds(60), cancellationToken);
        VerifyVerb.Print(console, results);
        var result = new DemoResult(
            results.All(check => check.Holds) && ExpectedOutcomes(outcomes) && burst && rebuilt.All(projection => projection.Rebuild is { State: "Done" }), accounts.Count, outcomes, rebuilt, results, report, clock.Elapsed.TotalSeconds);
        Say($"{(result.Holds ? "Every invariant holds" : "Something is wrong")}; {result.Seconds:F0} seconds.");
        return result;
    }

    // The payroll itself is a burst of transfers, and happened before the service that looks for bursts was there.
    private async Task<bool> Join(CancellationToken cancellationToken)
    {
        Say("Bank.Insights joins: it asks for all of the past, which nobody kept for it");
        bank.Start(BankPlan.Insights);
        await bank.Ready(cancellationToken);
        using var projections = new ProjectionClient(plan.Urls[BankPlan.Insights]);
        var names = (await projections.Read(cancellationToken)).Select(projection => projection.Name).ToHashSet();
        var filled = await RebuildVerb.Watch(projections, names, console, cancellationToken);
        Say($"  {RebuildVerb.Summary(filled)}");
        using var client = new BankClient(plan.Urls[BankPlan.Insights]);
        var suspicions = await client.Await($"/accounts/{Payer}/suspicions", found => found.GetProperty("suspicions").GetArrayLength() > 0, Limit, cancellationToken);
        InsightsVerb.Print(console, await InsightsVerb.Read(client, Payer, cancellationToken));
        return filled.All(projection => projection.Rebuild is { State: "Done" }) && suspicions.GetProperty("suspicions")[0].GetProperty("pattern").GetString() == "TransferBurst";
    }

    // The file is made to meet each kind of refusal; a demo in which none happens would prove less than it shows.
    private static bool ExpectedOutcomes(IReadOnlyList<PaymentOutcome> outcomes) =>
        outcomes.Any(outcome => outcome.IsExecuted)
        && new[] { "AccountUnknown", "AccountIsClosed", "InsufficientFunds" }.All(reason => outcomes.Any(outcome => outcome.Reason == reason));

    private static async Task Each(
        IEnumerable<SampleAccount> accounts, string command, Func<SampleAccount, object> body, BankClient client, CancellationToken cancellationToken) =>
        await Parallel.ForEachAsync(
            accounts, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken },
            async (account, token) =>
            {
                var outcome = await client.Send(account.AccountId, command, body(account), $"demo-{command}-{account.AccountId}", Limit, token);
                if (!outcome.IsCompleted) throw new VerbException(ExitCode.Refused, $"'{command}' on account {account.AccountId} was declined: {outcome.Reason}");
            });

    private async Task Withdraw(BankClient client, string amount, string key, CancellationToken cancellationToken)
    {
        var outcome = await client.Send(Shown, "withdraw", new { amount, currency = "EUR" }, key, Limit, cancellationToken);
        console.MarkupLine(outcome.IsCompleted ? $"  [green]{outcome.Event}[/] {amount} EUR" : $"  [red]{outcome.Event}[/] {amount} EUR: {outcome.Reason}");
    }

    private void Say(string text) => console.MarkupLine($"[bold]{Markup.Escape(text)}[/]");
}

/// <summary>What the demo has shown.</summary>
/// <param name="Holds">Whether every invariant holds, each kind of outcome was met, the service that joined found what was to be found, and the views were built anew.</param>
/// <param name="Accounts">How many accounts were opened.</param>
/// <param name="Payments">What became of each payment of the file.</param>
/// <param name="Rebuilt">The views that were built anew.</param>
/// <param name="Checks">What verify found.</param>
/// <param name="Report">Where the pain.002 is.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record DemoResult(
    bool Holds, int Accounts, IReadOnlyList<PaymentOutcome> Payments, IReadOnlyList<ProjectionView> Rebuilt, IReadOnlyList<CheckResult> Checks, string Report, double Seconds);
