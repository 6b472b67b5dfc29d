using System.Text.Json;
using Bank.Contracts.Replays;
using Bank.Contracts.Transfers;

namespace Bank.EndToEnd.Tests.Replays;

/// <summary>History in messages of many events, of those who decide and of those who only publish.</summary>
public abstract class PackedReplayBehaviour<TBank>(TBank bank) : IClassFixture<TBank> where TBank : RunningBank
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private Accounts Accounts => new(bank.Client);

    [SkippableFact]
    public async Task Stretches_of_history_join_although_the_process_is_killed_in_the_middle()
    {
        Skip.If(bank.Missing is not null, bank.Missing);
        await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
        {
            var account = await Accounts.Open("historic");
            for (var number = 0; number < 8; number++) await Accounts.Completed(account, "deposit", new { amount = "1.00", currency = "EUR" });
        }));
        await using var listener = await Listener.Join(bank.Processes.Plan);
        var request = await listener.Ask(request => request with { EventsPerMessage = 10, EventsPerSecond = 40 });
        await Until(() => listener.StretchesOf(request).Count > 3, "the first messages");
        Assert.Null(listener.News<ReplayCompleted>(request));
        await bank.Processes.Crash("Bank.Accounts");
        bank.Processes.Start("Bank.Accounts");
        await bank.Processes.Ready(CancellationToken.None);
        await Until(() => listener.HasAllStretches(request), "the whole replay");
        var events = listener.StretchesOf(request).SelectMany(stretch => stretch.Events).DistinctBy(one => one.Position).ToArray();
        Assert.Equal(listener.News<ReplayCompleted>(request)!.EventCount, events.Length);
        Assert.All(events, one => Assert.NotEqual(Guid.Empty, one.Event.GetProperty("EventId").GetGuid()));
    }

    [SkippableFact]
    public async Task Transfers_are_told_to_whoever_joins_later()
    {
        Skip.If(bank.Missing is not null, bank.Missing);
        var (payer, payee) = (await Accounts.Open("payer"), await Accounts.Open("payee"));
        await Accounts.Completed(payer, "deposit", new { amount = "50.00", currency = "EUR" });
        var transferId = Guid.NewGuid();
        await using (var witness = await Listener.Join(bank.Processes.Plan))
        {
            await Transfer(witness, transferId, payer, payee);
            await Until(() => witness.Transfers.OfType<TransferCompleted>().Any(message => message.TransferId == transferId), "the transfer");
        }

        await using var listener = await Listener.Join(bank.Processes.Plan);
        var request = await listener.Ask(request => request with { EventsPerMessage = 100, StreamPrefixes = [$"transfer-{transferId}"] }, "Bank.Transfers");
        await Until(() => listener.HasAllStretches(request), "the replay");
        var told = listener.StretchesOf(request).SelectMany(stretch => stretch.Events)
            .Single(one => one.EventType == typeof(TransferCompleted).FullName).Event.Deserialize<TransferCompleted>()!;
        Assert.Equal((transferId, payer, payee), (told.TransferId, told.PayerAccountId, told.PayeeAccountId));
        // What was published before is not published again for it.
        Assert.Empty(listener.Transfers);
        Assert.Empty(await bank.BrokenInvariants());
    }

    private static Task Transfer(Listener witness, Guid transferId, string payer, string payee) => witness.Send(
        new InitiateTransfer
        {
            RequestId = Guid.NewGuid(), Origin = new() { RequestedBy = "witness", Channel = "test", RequestedAt = DateTimeOffset.UtcNow },
            TransferId = transferId, PayerAccountId = payer, PayeeAccountId = payee, Amount = new(1000, "EUR"),
        },
        "Bank.Transfers");

    private static async Task Until(Func<bool> condition, string what)
    {
        var deadline = DateTime.UtcNow + Limit;
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < deadline, "Never happened: " + what);
            await Task.Delay(20);
        }
    }
}

public sealed class EmbeddedPackedReplayTests(EmbeddedBank bank) : PackedReplayBehaviour<EmbeddedBank>(bank);

public sealed class ServerPackedReplayTests(ServerBank bank) : PackedReplayBehaviour<ServerBank>(bank);
