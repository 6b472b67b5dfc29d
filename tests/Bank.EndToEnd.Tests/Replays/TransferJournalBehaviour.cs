using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.Contracts.Transfers;
using Bank.EndToEnd.Tests.Rebuilds;
using Bank.Hub;
using Bank.StreamStore;
using Bank.StreamStore.Streams;
using Bank.Transfers.Journal;

namespace Bank.EndToEnd.Tests.Replays;

/// <summary>What is told of transfers is published from the journal alone: nobody hears of what a replay does not bring, whenever a process dies.</summary>
public abstract class TransferJournalBehaviour(RunningBank bank)
{
    private const string Transfers = "Bank.Transfers";
    private const string Publisher = "publisher";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [SkippableFact]
    public async Task Whatever_a_subscriber_has_heard_of_is_in_the_journal_and_in_the_replay_that_it_asks_for_at_once()
    {
        Require();
        await using var listener = await Listener.Join(bank.Processes.Plan);
        var transferId = await Transfer(listener);
        await Until(() => HeardAll(listener, transferId), "the transfer");
        var request = await listener.Ask(request => request with { EventsPerMessage = 100 }, Transfers);
        await Until(() => listener.HasAllStretches(request), "the replay");

        var replayed = listener.StretchesOf(request).SelectMany(stretch => stretch.Events).DistinctBy(one => one.Position).ToDictionary(one => one.Position, one => one.Event.GetProperty("EventId").GetGuid());
        var heard = listener.Transfers.Where(message => message.TransferId == transferId).DistinctBy(message => message.EventId).ToList();
        Assert.Equal(["TransferCompleted", "TransferInitiated"], heard.Select(message => message.GetType().Name).Order(StringComparer.Ordinal));
        foreach (var message in heard)
        {
            var headers = listener.HeadersOf(message.EventId)[0];
            // A position is given when an event is appended, and not before.
            Assert.Equal((message.EventId, message.EventId.ToString()), (replayed[long.Parse(headers["Bank.Position"])], headers["NServiceBus.MessageId"]));
        }

        await Until(() => listener.Messages.OfType<ReservationCaptured>().Any(message => message.TransferId == transferId), "its cause");
        var captured = listener.Messages.OfType<ReservationCaptured>().First(message => message.TransferId == transferId);
        var (cause, end) = (listener.HeadersOf(captured.EventId)[0], listener.HeadersOf(heard.OfType<TransferCompleted>().Single().EventId)[0]);
        Assert.Equal((cause["NServiceBus.MessageId"], cause["NServiceBus.ConversationId"]), (end["NServiceBus.RelatedTo"], end["NServiceBus.ConversationId"]));
    }

    [SkippableFact]
    public async Task What_was_in_the_journal_when_its_process_was_killed_is_published_after_the_restart()
    {
        Require();
        var plan = bank.Processes.Plan;
        await using var listener = await Listener.Join(plan);
        using var journal = Views.StoreOf(plan, Transfers);
        var hub = Views.HubOf(plan, Transfers);
        await bank.Processes.Crash(Transfers);
        // Whoever holds the lease publishes, so the restarted process keeps events without publishing them.
        var lease = await Acquire(hub);
        Guid transferId;
        try
        {
            bank.Processes.Start(Transfers);
            transferId = await Transfer(listener);
            await Until(async () => (await Kept(journal, transferId)).Any(kept => kept.Type == nameof(TransferCompleted)), "the end of the transfer in the journal");
            Assert.DoesNotContain(listener.Transfers, message => message.TransferId == transferId);
            await bank.Processes.Crash(Transfers);
        }
        finally
        {
            await hub.Release(Publisher, lease);
            bank.Processes.Start(Transfers);
            await bank.Processes.Ready(CancellationToken.None);
        }

        await Until(() => HeardAll(listener, transferId), "the transfer");
        Assert.All(await Kept(journal, transferId), kept => Assert.Equal(kept.Position.ToString(), listener.HeadersOf(kept.MessageId)[0]["Bank.Position"]));
        Assert.Empty(await bank.BrokenInvariants());
    }

    [SkippableFact]
    public async Task What_an_earlier_program_left_in_the_queue_is_kept_and_what_its_subscription_brings_back_harms_nothing()
    {
        Require();
        var plan = bank.Processes.Plan;
        await using var listener = await Listener.Join(plan);
        var old = Ended(Guid.NewGuid());
        await bank.Processes.Crash(Transfers);
        try
        {
            // It subscribed to what it published itself, and ends while it handles that.
            await using var earlier = await Listener.Join<Listener.HoldingHandler>(plan, Transfers);
            await earlier.Publish(old);
            await Until(() => earlier.Transfers.Any(message => message.EventId == old.EventId), "its own event");
        }
        finally
        {
            bank.Processes.Start(Transfers);
            await bank.Processes.Ready(CancellationToken.None);
        }

        await Until(() => listener.HeadersOf(old.EventId).Any(headers => headers.ContainsKey("Bank.Position")), "the old event from the journal");
        var transferId = await Transfer(listener);
        await Until(() => HeardAll(listener, transferId), "a transfer");
        using var journal = Views.StoreOf(plan, Transfers);
        Assert.Equal(old.EventId, Assert.Single(await Kept(journal, old.TransferId)).MessageId);
        Assert.Equal(2, (await Kept(journal, transferId)).Count);
        Assert.Empty(await bank.BrokenInvariants());
    }

    private async Task<Guid> Transfer(Listener listener)
    {
        var accounts = new Accounts(bank.Client);
        var (payer, payee) = (await accounts.Open("payer", balance: 10), await accounts.Open("payee"));
        var transferId = Guid.NewGuid();
        await listener.Send(
            new InitiateTransfer { RequestId = Guid.NewGuid(), Origin = Origin, TransferId = transferId, PayerAccountId = payer, PayeeAccountId = payee, Amount = new(1000, "EUR") }, Transfers);
        return transferId;
    }

    private static TransferCompleted Ended(Guid transferId) => new()
    {
        EventId = Guid.NewGuid(), RequestId = Guid.NewGuid(), OccurredAt = DateTimeOffset.UtcNow, Origin = Origin, TransferId = transferId,
        PayerAccountId = "payer", PayeeAccountId = "payee", Amount = new(1000, "EUR"),
    };

    private static Origin Origin => new() { RequestedBy = "listener", Channel = "test", RequestedAt = DateTimeOffset.UtcNow };

    // In any order.
    private static bool HeardAll(Listener listener, Guid transferId) =>
        listener.Transfers.Where(message => message.TransferId == transferId).Select(message => message.GetType()).ToHashSet().IsSupersetOf([typeof(TransferInitiated), typeof(TransferCompleted)]);

    private static async Task<List<StreamMessage>> Kept(IReadonlyStreamStore journal, Guid transferId) =>
        [.. (await journal.ReadStreamForwards(JournalContracts.StreamOf(transferId), StreamVersion.Start, 100)).Messages.OrderBy(message => message.Position)];

    private static async Task<Lease> Acquire(SqlHubStorage hub)
    {
        Lease? lease = null;
        await Until(async () => (lease = await hub.TryAcquire(Publisher, "test", Limit * 3)) is not null, "the lease of a process that died");
        return lease!;
    }

    private void Require() => Skip.If(bank.Missing is not null, bank.Missing);

    private static Task Until(Func<bool> condition, string what) => Until(() => Task.FromResult(condition()), what);

    private static async Task Until(Func<Task<bool>> condition, string what)
    {
        var deadline = DateTime.UtcNow + Limit;
        while (!await condition())
        {
            Assert.True(DateTime.UtcNow < deadline, "Never happened: " + what);
            await Task.Delay(20);
        }
    }
}

[Collection(nameof(SharedEmbeddedBank))]
public sealed class EmbeddedTransferJournalTests(EmbeddedBank bank) : TransferJournalBehaviour(bank);

[Collection(nameof(SharedServerBank))]
public sealed class ServerTransferJournalTests(ServerBank bank) : TransferJournalBehaviour(bank);
