using Bank.CommandLine.Client;
using Bank.CommandLine.Verbs;

namespace Bank.EndToEnd.Tests.Rebuilds;

/// <summary>Views that are built anew while the bank is busy and processes die hold in the end exactly what the stored events say.</summary>
public abstract class RebuildBehaviour<TBank>(TBank bank) : IClassFixture<TBank> where TBank : RunningBank
{
    private const string TimesVariable = "BANK_TEST_REBUILDS";
    private const int UsualTimes = 3;
    private const int Accounts = 8;
    // Ten take minutes; every build does a few.
    private static readonly int Times = int.TryParse(Environment.GetEnvironmentVariable(TimesVariable), out var times) ? times : UsualTimes;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [SkippableFact]
    public async Task Rebuilds_in_a_row_under_load_with_a_kill_at_a_random_moment_of_each_end_in_what_a_fresh_fold_gives()
    {
        Skip.If(bank.Missing is not null, bank.Missing);
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var accounts = await Task.WhenAll(Enumerable.Range(0, Accounts).Select(_ => new Accounts(bank.Client).Open("busy", balance: 10_000)));
        using var projections = new ProjectionClient(bank.Processes.Plan.Urls["Bank.Projections"]);
        using var copy = new ProjectionClient(bank.Processes.Plan.Urls["Bank.Transfers"]);
        var lasted = TimeSpan.FromSeconds(1);
        var underWay = 0;
        for (var time = 1; time <= Times; time++)
        {
            var load = new Load(bank.Client, accounts, random.Next());
            await load.Reached(20).WaitAsync(Limit);
            var generation = await Generation(projections);
            Assert.True(await copy.Rebuild(null, CancellationToken.None));
            Assert.True(await projections.Rebuild(null, CancellationToken.None));
            await Task.Delay(random.NextDouble() * lasted);
            if ((await projections.Read(CancellationToken.None)).Any(projection => projection.Rebuild is { IsRunning: true })) underWay++;
            // Who writes dies more often than who sends.
            var victim = random.Next(5) switch { 0 => "Bank.Accounts", 1 or 2 => "Bank.Transfers", _ => "Bank.Projections" };
            await bank.Processes.Crash(victim);
            bank.Processes.Start(victim);
            var rebuilt = await RebuildVerb.Watch(projections, ["balances", "ledger", "statement", "transfers"], Verb.Silent(), CancellationToken.None).WaitAsync(Limit);
            var copied = await RebuildVerb.Watch(copy, ["known-accounts"], Verb.Silent(), CancellationToken.None).WaitAsync(Limit);
            await load.Stop().WaitAsync(Limit);
            var broken = await bank.BrokenInvariants();
            Assert.True(broken.Length == 0, $"seed {seed}, time {time}, {victim}: {string.Join("; ", broken)}");
            Assert.All([.. rebuilt, .. copied], projection => Assert.Equal(("Done", generation + 1), (projection.Rebuild!.State, projection.Generation)));
            lasted = rebuilt[0].Rebuild!.EndedAt!.Value - rebuilt[0].Rebuild!.StartedAt;
            var (shown, folded) = (await Views.Shown(bank.Processes.Plan), await Views.Folded(bank.Processes.Plan));
            Assert.True(shown.Length > time * 20, $"There are only {shown.Length} rows.");
            Assert.True(shown.SequenceEqual(folded), $"seed {seed}, time {time}, {victim}: only shown {string.Join(" | ", shown.Except(folded).Take(3))}; only folded {string.Join(" | ", folded.Except(shown).Take(3))}");
        }

        Assert.True(underWay > 0, "No rebuild was under way when a process died.");
    }

    private static async Task<int> Generation(ProjectionClient client)
    {
        var all = await client.Read(CancellationToken.None);
        return Assert.Single(all.Select(projection => projection.Generation).Distinct());
    }
}

public sealed class EmbeddedRebuildTests(EmbeddedBank bank) : RebuildBehaviour<EmbeddedBank>(bank);

public sealed class ServerRebuildTests(ServerBank bank) : RebuildBehaviour<ServerBank>(bank);
