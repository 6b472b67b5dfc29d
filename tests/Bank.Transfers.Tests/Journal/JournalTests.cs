using System.Reflection;
using Bank.Contracts;
using Bank.Contracts.Replays;
using Bank.Contracts.Transfers;
using Bank.Hub;
using Bank.ServiceBus.Testing;
using Bank.StreamStore;
using Bank.StreamStore.Streams;
using Bank.Transfers.Journal;
using Bank.Transfers.Transfers;

namespace Bank.Transfers.Tests.Journal;

public sealed class JournalTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, 123, 456, TimeSpan.Zero);
    private static readonly Guid Transfer = new("aaaaaaaa-0000-0000-0000-000000000001");

    private readonly InMemoryStreamStore store = new();

    [Fact]
    public async Task What_comes_twice_or_out_of_order_is_kept_once_in_the_stream_of_its_transfer()
    {
        foreach (var message in new ITransferEvent[] { Completed(), Initiated(), Completed(), Initiated(), Completed() }) await Hear(message);
        Assert.Equal(["TransferCompleted", "TransferInitiated"], (await Kept()).Select(message => message.Type));
    }

    [Fact]
    public async Task What_was_kept_is_told_as_it_was_published()
    {
        ITransferEvent[] all = [Initiated(), Completed(), Failed(), Declined()];
        foreach (var message in all) await Hear(message);
        var contracts = new JournalContracts();
        var kept = await Kept();
        Assert.Equal(all, await Task.WhenAll(kept.Select(async message => (ITransferEvent)contracts.Map(message, (await message.GetJsonData())!)!)));
        Assert.Equal(all.Select(message => message.EventId), kept.Select(message => message.MessageId));
        Assert.Equal("talk", EventMetadata.Read(kept[0].JsonMetadata).ConversationId);
    }

    [Fact]
    public void Every_transfer_event_of_the_contracts_is_kept() =>
        Assert.Equal(
            typeof(ITransferEvent).Assembly.GetExportedTypes().Where(type => type.IsSealed && typeof(ITransferEvent).IsAssignableFrom(type)).Select(type => type.Name).Order(StringComparer.Ordinal),
            new JournalContracts().ContractTypes.Select(type => type.Name).Order(StringComparer.Ordinal));

    [Fact]
    public async Task What_is_not_known_is_never_dropped_silently()
    {
        await store.AppendToStream("transfer-x", ExpectedVersion.Any, new NewStreamMessage(Guid.NewGuid(), "TransferVanished", "{}"));
        var message = (await store.ReadAllForwards(0, 1)).Messages[0];
        Assert.Throws<NotSupportedException>(() => new JournalContracts().Map(message, "{}"));
    }

    [Fact]
    public async Task A_request_for_a_replay_without_an_origin_is_malformed() =>
        await Assert.ThrowsAsync<MalformedTransferException>(() => new RequestReplayHandler(null!).Handle(
            new RequestReplay { RequestId = Transfer, ReplayId = Transfer, FromPosition = 0, Origin = null! }, null!));

    [Fact]
    public void A_request_says_the_same_in_the_words_of_the_hub_and_none_is_forgotten()
    {
        var request = ReplayContracts.Read(new RequestReplay
        {
            RequestId = Transfer, ReplayId = Transfer, Origin = Origin, FromPosition = 3, UpToPosition = 9, StreamPrefixes = ["transfer-"],
            EventTypes = ["Bank.Contracts.ITransferEvent"], EventsPerSecond = 100, EventsPerMessage = 50,
        });
        Assert.Equal((3L, 9L, 100, 50), (request.FromPosition, request.UpToPosition, request.EventsPerSecond, request.EventsPerMessage));
        Assert.All(
            request.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(member => member.Name != "ReplyToAddress"),
            member => Assert.NotNull(member.GetValue(request)));
    }

    private Task Hear(ITransferEvent message)
    {
        var context = new TestableMessageHandlerContext();
        context.MessageHeaders["NServiceBus.ConversationId"] = "talk";
        return new JournalHandler(store).Handle(message, context);
    }

    private async Task<StreamMessage[]> Kept() => (await store.ReadStreamForwards(JournalContracts.StreamOf(Transfer), 0, 100)).Messages;

    private static Origin Origin => new() { RequestedBy = "alice", Channel = "branch", RequestedAt = Now };

    private static TransferInitiated Initiated() => new()
    {
        EventId = TransferIds.Of(Transfer, "initiated"), RequestId = Transfer, OccurredAt = Now, Origin = Origin, TransferId = Transfer,
        PayerAccountId = "a", PayeeAccountId = "b", Amount = new Money(1, "EUR"), Deadline = Now.AddMinutes(1), Reference = "rent",
    };

    private static TransferCompleted Completed() => new()
    {
        EventId = TransferIds.Of(Transfer, "completed"), RequestId = Transfer, OccurredAt = Now, Origin = Origin, TransferId = Transfer,
        PayerAccountId = "a", PayeeAccountId = "b", Amount = new Money(1, "EUR"),
    };

    private static TransferFailed Failed() => new()
    {
        EventId = TransferIds.Of(Transfer, "failed"), RequestId = Transfer, OccurredAt = Now, Origin = Origin, TransferId = Transfer,
        PayerAccountId = "a", PayeeAccountId = "b", Amount = new Money(1, "EUR"), Reason = "InsufficientFunds",
    };

    private static TransferRequestDeclined Declined() => new()
    {
        EventId = TransferIds.Of(Transfer, "declined"), RequestId = Transfer, OccurredAt = Now, Origin = Origin, TransferId = Transfer,
        PayerAccountId = "a", PayeeAccountId = "b", Amount = new Money(1, "EUR"), Reason = "TransferIdAlreadyUsed",
    };
}
