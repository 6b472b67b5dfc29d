using System.Reflection;
using System.Text.Json;
using Bank.Accounts.Handlers;
using Bank.Accounts.Publishing;
using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.Contracts.Replays;
using Bank.Hub.Replays;

namespace Bank.Accounts.Tests.Publishing;

public sealed class ReplayContractsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Id = new("11111111-2222-3333-4444-555555555555");

    private static readonly RequestReplay Command = new()
    {
        RequestId = new Guid("aaaaaaaa-0000-0000-0000-000000000001"),
        Origin = new Origin { RequestedBy = "Bank.Insights", Channel = "system", RequestedAt = Now },
        ReplayId = new Guid("aaaaaaaa-0000-0000-0000-000000000002"),
        FromPosition = 3,
        UpToPosition = 9,
        StreamPrefixes = ["account-"],
        EventTypes = ["Bank.Contracts.IAccountEvent"],
        EventsPerSecond = 100,
        EventsPerMessage = 50,
    };

    private static readonly ReplayRequest Request = ReplayContracts.Read(Command);

    [Fact]
    public void A_request_says_the_same_in_the_words_of_the_hub() =>
        Assert.Equivalent(
            new ReplayRequest
            {
                ReplayId = Command.ReplayId, FromPosition = 3, UpToPosition = 9, StreamPrefixes = ["account-"], EventTypes = ["Bank.Contracts.IAccountEvent"],
                EventsPerSecond = 100, EventsPerMessage = 50, Context = Request.Context,
            },
            Request);

    [Fact]
    public void All_news_carry_the_request_and_what_they_are_about()
    {
        var announcer = new ReplayContracts();
        var started = (ReplayStarted)announcer.Announce(new ReplayBegan(Id, Now, Request, 9));
        var progress = (ReplayProgress)announcer.Announce(new ReplayAdvanced(Id, Now, Request, 5, 9, 2));
        var completed = (ReplayCompleted)announcer.Announce(new ReplayEnded(Id, Now, Request, 9, 7));
        var refused = (ReplayRefused)announcer.Announce(new ReplayDenied(Id, Now, Request, new ReplayRefusal("EventTypes", RefusalReason.UnknownType, "Bank.Gone")));
        var packed = (ReplayedEvents)announcer.Announce(new ReplayPacked(Id, Now, Request, 3, 6, [new PackedEvent(5, typeof(MoneyDeposited), JsonSerializer.SerializeToElement("it"))]));
        Assert.Equal((3L, 6L), (packed.AfterPosition, packed.UpToPosition));
        Assert.Equal((5L, "Bank.Contracts.Accounts.MoneyDeposited", "it"), (packed.Events.Single().Position, packed.Events.Single().EventType, packed.Events.Single().Event.GetString()));
        Assert.Equal((3L, 9L), (started.FromPosition, started.UpToPosition));
        Assert.Equal((5L, 9L, 2L), (progress.Position, progress.UpToPosition, progress.EventCount));
        Assert.Equal((9L, 7L), (completed.UpToPosition, completed.EventCount));
        Assert.Equal(("EventTypes", ReplayRefusalReason.UnknownType, "Bank.Gone"), (refused.Field, refused.Reason, refused.Detail));
        Assert.All<IReplayEvent>([started, progress, packed, completed, refused], news =>
            Assert.Equal((Id, Command.RequestId, Now, Command.Origin, Command.ReplayId), (news.EventId, news.RequestId, news.OccurredAt, news.Origin, news.ReplayId)));
    }

    [Fact]
    public void Every_kind_of_news_has_a_contract_event()
    {
        var kinds = typeof(ReplayNews).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(ReplayNews)));
        Assert.Equal(["ReplayAdvanced", "ReplayBegan", "ReplayDenied", "ReplayEnded", "ReplayPacked"], kinds.Select(type => type.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_reasons_of_the_hub_are_those_of_the_contracts() =>
        Assert.Equal(
            typeof(ReplayRefusalReason).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal),
            Enum.GetNames<RefusalReason>().Order(StringComparer.Ordinal));

    [Fact]
    public void A_request_is_described_by_members_of_the_contract_so_that_a_refusal_names_them()
    {
        var named = typeof(ReplayRequest).GetProperties().Select(member => member.Name).Except(["ReplyToAddress", "Context", "EqualityContract"]);
        Assert.Empty(named.Except(typeof(RequestReplay).GetProperties().Select(member => member.Name)));
    }

    [Fact]
    public void Every_event_that_can_be_published_can_be_asked_for_by_name()
    {
        var types = new AccountContracts().ContractTypes;
        Assert.Contains(typeof(ReservationCaptured), types);
        Assert.Equal(AccountContractsCount(), types.Count);
    }

    [Fact]
    public async Task A_request_without_an_origin_is_malformed() =>
        await Assert.ThrowsAsync<MalformedCommandException>(() => new RequestReplayHandler(null!).Handle(Command with { Origin = null! }, null!));

    private static int AccountContractsCount() => typeof(AccountOpened).Assembly.GetExportedTypes().Count(type => type.IsSealed && (type.GetInterfaces().Contains(typeof(IAccountEvent)) || type.GetInterfaces().Contains(typeof(ISuccessorEvent))));
}
