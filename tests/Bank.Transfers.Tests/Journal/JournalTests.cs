using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bank.Contracts;
using Bank.Contracts.Replays;
using Bank.Contracts.Transfers;
using Bank.Hosting;
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
        foreach (var message in new ITransferEvent[] { Completed(), Initiated(), Completed(), Initiated(), Completed() }) await Record(message);
        Assert.Equal(["TransferCompleted", "TransferInitiated"], (await Kept()).Select(message => message.Type));
    }

    [Fact]
    public async Task What_was_kept_is_told_as_it_was_recorded()
    {
        ITransferEvent[] all = [Initiated(), Completed(), Failed(), Declined()];
        foreach (var message in all) await Record(message);
        var contracts = new JournalContracts();
        var kept = await Kept();
        Assert.Equal(all, await Task.WhenAll(kept.Select(async message => (ITransferEvent)contracts.Map(message, (await message.GetJsonData())!)!)));
        Assert.Equal(all.Select(message => message.EventId), kept.Select(message => message.MessageId));
    }

    [Fact]
    public async Task What_is_kept_leads_back_to_the_message_that_made_the_saga_tell_of_it()
    {
        using var handling = new Activity("handling").Start();
        await Record(Completed());
        var metadata = EventMetadata.Read(Assert.Single(await Kept()).JsonMetadata);
        Assert.Equal(("talk", "what the saga handled", handling.Id), (metadata.ConversationId, metadata.CausationId, metadata.Traceparent));
    }

    [Fact]
    public async Task What_an_earlier_program_published_itself_is_kept_too_and_once()
    {
        await new JournalHandler(store).Handle(Completed(), Context());
        await Record(Completed());
        await new JournalHandler(store).Handle(Completed(), Context());
        Assert.Equal(Completed().EventId, Assert.Single(await Kept()).MessageId);
    }

    public static TheoryData<string, string> Malformed => new()
    {
        { "EventType", """{ "EventType": null, "Event": {} }""" },
        { "EventType", """{ "EventType": "TransferVanished", "Event": {} }""" },
        { "Event", """{ "EventType": "TransferCompleted", "Event": null }""" },
        { "Event", """{ "EventType": "TransferCompleted", "Event": "done" }""" },
        { "Origin", """{ "EventType": "TransferCompleted", "Event": { "Origin": null } }""" },
        { "RequestedBy", """{ "EventType": "TransferCompleted", "Event": { "Origin": { "RequestedBy": null } } }""" },
        { "Amount", """{ "EventType": "TransferCompleted", "Event": { "Amount": null } }""" },
        { "Currency", """{ "EventType": "TransferCompleted", "Event": { "Amount": { "MinorUnits": 1, "Currency": null } } }""" },
        { "Currency", """{ "EventType": "TransferCompleted", "Event": { "Amount": { "MinorUnits": 1, "Currency": "euro" } } }""" },
        { "PayerAccountId", """{ "EventType": "TransferCompleted", "Event": { "PayerAccountId": null } }""" },
        { "OccurredAt", """{ "EventType": "TransferCompleted", "Event": { "OccurredAt": "soon" } }""" },
        { "Event.EventId", """{ "EventType": "TransferCompleted", "Event": { "EventId": "00000000-0000-0000-0000-000000000000" } }""" },
        { "Reason", """{ "EventType": "TransferFailed", "Event": { } }""" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task What_cannot_be_kept_goes_to_the_error_queue_naming_the_member(string member, string changes)
    {
        var json = JsonSerializer.SerializeToNode(RecordTransferEvent.Of(Completed()), MessageJson.Options)!.AsObject();
        Merge(json, JsonNode.Parse(changes)!.AsObject());
        var command = json.Deserialize<RecordTransferEvent>(MessageJson.Options)!;
        var error = await Assert.ThrowsAsync<MalformedTransferException>(() => new JournalHandler(store).Handle(command, Context()));
        Assert.Contains(member, error.Message, StringComparison.Ordinal);
        Assert.Empty(await Kept());
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

    private Task Record(ITransferEvent message) => new JournalHandler(store).Handle(RecordTransferEvent.Of(message), Context());

    private static TestableMessageHandlerContext Context()
    {
        var context = new TestableMessageHandlerContext();
        context.MessageHeaders["NServiceBus.ConversationId"] = "talk";
        context.MessageHeaders["NServiceBus.RelatedTo"] = "what the saga handled";
        return context;
    }

    private static void Merge(JsonObject into, JsonObject changes)
    {
        foreach (var (name, value) in changes)
        {
            if (value is JsonObject inner && into[name] is JsonObject there) Merge(there, inner);
            else into[name] = value?.DeepClone();
        }
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
        EventId = TransferIds.Declined(Transfer, Transfer), RequestId = Transfer, OccurredAt = Now, Origin = Origin, TransferId = Transfer,
        PayerAccountId = "a", PayeeAccountId = "b", Amount = new Money(1, "EUR"), Reason = "TransferIdAlreadyUsed",
    };
}
