using System.Text.Json;
using Bank.Accounts.Handlers;
using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.Contracts.Replays;
using Bank.EndToEnd.Tests.Rebuilds;
using Bank.EndToEnd.Tests.Replays;
using Bank.ServiceBus;
using Bank.StreamStore.Streams;

namespace Bank.EndToEnd.Tests;

/// <summary>
/// A store with events of older shapes, from before this program was started, in one stream with those of today; and an event that is published in two shapes. Each test has a bank of its own.
/// </summary>
public abstract class OldShapesBehaviour(RunningBank bank) : IAsyncLifetime
{
    private const string BankAccounts = "Bank.Accounts";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly Guid Held = Guid.NewGuid(), NeverHeld = Guid.NewGuid(), HeldToday = Guid.NewGuid();

    private readonly string account = Accounts.NewId("old");

    public Task InitializeAsync() => bank.InitializeAsync();

    public Task DisposeAsync() => bank.DisposeAsync();

    [SkippableFact]
    public async Task What_was_stored_in_an_older_shape_is_decided_on_published_replayed_shown_and_verified_like_what_is_stored_today()
    {
        Skip.If(bank.Missing is not null, bank.Missing);
        var plan = bank.Processes.Plan;
        await using var ofKinds = await Listener.Join(plan);
        await using var ofOld = await Listener.Join<OldHandler>(plan);
        await using var ofNew = await Listener.Join<NewHandler>(plan);
        await bank.Processes.Crash(BankAccounts);
        await StorePast();
        bank.Processes.Start(BankAccounts);
        await bank.Processes.Ready(CancellationToken.None);

        // Decided on: all that the holds of the past held is available, and their ids are used up.
        await new Accounts(bank.Client).Completed(account, "withdraw", new { amount = "4.00", currency = "EUR" });
        foreach (var used in new[] { Held, NeverHeld }) await ofKinds.Send(Reserve(used, 100));
        await Until(() => ofKinds.Messages.OfType<FundsReservationDeclined>().Count(refused => refused.Reason == DeclineReason.ReservationAlreadyUsed) == 2, "both refusals");
        await ofKinds.Send(Reserve(HeldToday, 600));
        await Until(() => ofKinds.Messages.OfType<FundsReserved>().Any(reserved => reserved.ReservationId == HeldToday), "the hold");
        await ofKinds.Send(new ReleaseReservation { RequestId = Guid.NewGuid(), Origin = Origin(), AccountId = account, ReservationId = HeldToday });

        // Published: to each subscriber in its shape, and once to those who listen to kinds.
        await Until(() => Olds(ofOld).Count == 3 && News(ofNew).Count == 3 && Olds(ofKinds).Count == 3, "what was released");
        Assert.Equal([(Held, 300L), (NeverHeld, 0L), (HeldToday, 600L)], Olds(ofOld).Select(old => (old.ReservationId, old.Amount.MinorUnits)));
        Assert.Equal([(Held, 300L), (NeverHeld, null), (HeldToday, (long?)600)], News(ofNew).Select(successor => (successor.ReservationId, successor.Amount?.MinorUnits)));
        Assert.Equal(Olds(ofOld).Select(old => (old.EventId, old.AccountVersion)), News(ofNew).Select(successor => (successor.EventId, successor.AccountVersion)));
        Assert.Equal(Olds(ofOld), Olds(ofKinds));
        Assert.Empty(ofOld.Messages.OfType<ReservationReleased2>());
        Assert.Empty(ofNew.Messages.OfType<ReservationReleased>());
        Assert.Empty(News(ofKinds));

        // Replayed: in the shape that is asked for, packed or not, else in the older.
        var (plain, packed) = (await ofKinds.Ask(OfAccount), await ofKinds.Ask(request => OfAccount(request) with { EventsPerMessage = 100 }));
        var newest = await ofNew.Ask(request => OfAccount(request) with { EventTypes = [typeof(ReservationReleased2).FullName!, typeof(ReservationReleased).FullName!] });
        await Until(() => ofKinds.HasAllStretches(packed) && ofKinds.Has(plain) && ofNew.News<ReplayCompleted>(newest)?.EventCount == 3, "the replays");
        Assert.Equal(Olds(ofOld), ofKinds.EventsOf(plain).OrderBy(pair => pair.Key).Select(pair => pair.Value).OfType<ReservationReleased>());
        var inPacks = ofKinds.StretchesOf(packed).SelectMany(stretch => stretch.Events).DistinctBy(one => one.Position).Select(one => one.EventType).ToList();
        Assert.Equal((3, 0), (inPacks.Count(type => type == typeof(ReservationReleased).FullName), inPacks.Count(type => type == typeof(ReservationReleased2).FullName)));
        await Until(() => ofNew.Messages.OfType<ReservationReleased2>().Count() == 6, "what was released, a second time");
        Assert.Equal(3, News(ofNew).Count);

        // Shown and verified.
        var history = (await bank.Client.Get($"/accounts/{account}/events?limit=1000", CancellationToken.None))!.Value.GetProperty("events").EnumerateArray().ToList();
        var shown = history.Where(item => item.GetProperty("type").GetString() == "reservation-released-2").Select(item => item.GetProperty("data").GetProperty("hadHold").GetBoolean());
        Assert.Equal([true, false, true], shown);
        Assert.DoesNotContain(history, item => item.GetProperty("type").GetString() == "reservation-released");
        await new Accounts(bank.Client).HasBalance(account, 6.00m);
        Assert.Empty(await bank.BrokenInvariants());
    }

    private static List<ReservationReleased> Olds(Listener listener) =>
        [.. listener.Messages.OfType<ReservationReleased>().DistinctBy(old => old.EventId).OrderBy(old => old.AccountVersion)];

    private static List<ReservationReleased2> News(Listener listener) =>
        [.. listener.Messages.OfType<ReservationReleased2>().DistinctBy(successor => successor.EventId).OrderBy(successor => successor.AccountVersion)];

    private static Origin Origin() => new() { RequestedBy = "tester", Channel = "test", RequestedAt = DateTimeOffset.UtcNow };

    private ReserveFunds Reserve(Guid reservation, long amount) =>
        new() { RequestId = Guid.NewGuid(), Origin = Origin(), AccountId = account, ReservationId = reservation, Amount = new Money(amount, "EUR") };

    private RequestReplay OfAccount(RequestReplay request) => request with { StreamPrefixes = ["account-" + account] };

    // As older programs wrote it: no value dates, the end of a hold in its first shape; and by one of next year that was rolled back, a member that nobody knows.
    private async Task StorePast()
    {
        using var store = Views.StoreOf(bank.Processes.Plan, BankAccounts);
        await store.AppendToStream("account-" + account, ExpectedVersion.NoStream,
        [
            Stored("account-opened", 0, 0, new { currency = "EUR", overdraftLimit = 0 }),
            Stored("money-deposited", 1000, 1000, new { amount = 1000, addedNextYear = new { deep = 1 } }),
            Stored("funds-reserved", 1000, 700, new { reservationId = Held, amount = 300 }),
            Stored("reservation-released", 1000, 1000, new { reservationId = Held, amount = 300, reason = ReleaseReason.Requested }),
            Stored("reservation-released", 1000, 1000, new { reservationId = NeverHeld, amount = 0, reason = ReleaseReason.Requested, addedNextYear = 1 }),
        ]);
    }

    private NewStreamMessage Stored(string type, long balance, long available, object own)
    {
        var request = Guid.NewGuid();
        var origin = new { requestedBy = "alice", channel = "branch", requestedAt = "2025-03-01T12:00:00+00:00" };
        var common = JsonSerializer.SerializeToNode(new { requestId = request, origin, occurredAt = "2025-03-01T12:00:00.123456+00:00", unitCurrency = "EUR", balance, available })!.AsObject();
        foreach (var (name, value) in JsonSerializer.SerializeToNode(own)!.AsObject()) common[name] = value?.DeepClone();
        return new NewStreamMessage(AccountStore.EventId(account, request), type, common.ToJsonString(), "{}");
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

    internal sealed class OldHandler(Listener.Inbox inbox) : IHandleMessages<ReservationReleased>, IHandleMessages<IReplayEvent>
    {
        public Task Handle(ReservationReleased message, IMessageHandlerContext context) => inbox.Note(message, context);

        public Task Handle(IReplayEvent message, IMessageHandlerContext context) => inbox.Note(message, context);
    }

    internal sealed class NewHandler(Listener.Inbox inbox) : IHandleMessages<ReservationReleased2>, IHandleMessages<IReplayEvent>
    {
        public Task Handle(ReservationReleased2 message, IMessageHandlerContext context) => inbox.Note(message, context);

        public Task Handle(IReplayEvent message, IMessageHandlerContext context) => inbox.Note(message, context);
    }
}

public sealed class EmbeddedOldShapesTests() : OldShapesBehaviour(new EmbeddedBank());

public sealed class ServerOldShapesTests() : OldShapesBehaviour(new ServerBank());
