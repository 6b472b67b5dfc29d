using Bank.Hub.Replays;

namespace Bank.Hub.Tests.Replays;

public sealed class ReplayRulesTests
{
    private const long Head = 9;
    private static readonly Type[] Types = [typeof(Happened), typeof(OtherHappened)];
    private static readonly ReplayRequest Good = new() { ReplayId = Guid.NewGuid(), ReplyToAddress = "asker", FromPosition = 0, Context = "{}" };

    public static TheoryData<string, string, string> Wrongs => new()
    {
        { "no queue", "ReplyToAddress", "Missing" },
        { "an empty queue", "ReplyToAddress", "Missing" },
        { "no id", "ReplayId", "Malformed" },
        { "from below zero", "FromPosition", "OutOfRange" },
        { "from beyond what comes next", "FromPosition", "OutOfRange" },
        { "up to before from", "UpToPosition", "OutOfRange" },
        { "up to beyond the newest", "UpToPosition", "OutOfRange" },
        { "no speed", "EventsPerSecond", "OutOfRange" },
        { "too fast", "EventsPerSecond", "OutOfRange" },
        { "no event in a message", "EventsPerMessage", "OutOfRange" },
        { "too many events in a message", "EventsPerMessage", "OutOfRange" },
        { "no stream", "StreamPrefixes", "Malformed" },
        { "an empty stream", "StreamPrefixes", "Malformed" },
        { "a null stream", "StreamPrefixes", "Malformed" },
        { "too many types", "EventTypes", "Malformed" },
        { "an unknown type", "EventTypes", "UnknownType" },
        { "a type without its namespace", "EventTypes", "UnknownType" },
    };

    [Theory]
    [MemberData(nameof(Wrongs))]
    public void What_cannot_be_fulfilled_is_refused_by_field_and_reason(string what, string field, string reason)
    {
        var refusal = ReplayRules.Check(Wrong(what), Head, Types)!;
        Assert.Equal((field, reason), (refusal.Field, refusal.Reason.ToString()));
    }

    [Fact]
    public void The_unknown_type_is_named() =>
        Assert.Equal("Bank.Gone", ReplayRules.Check(Good with { EventTypes = [typeof(Happened).FullName!, "Bank.Gone"] }, Head, Types)!.Detail);

    [Theory]
    [InlineData(0, null)]
    [InlineData(0, 9L)]
    [InlineData(9, 9L)]
    [InlineData(10, null)]
    public void Any_range_that_is_stored_can_be_asked_for_and_so_can_what_comes_next(long from, long? upTo) =>
        Assert.Null(ReplayRules.Check(Good with { FromPosition = from, UpToPosition = upTo }, Head, Types));

    [Fact]
    public void All_of_an_empty_store_is_nothing()
    {
        Assert.Null(ReplayRules.Check(Good, -1, Types));
        Assert.Equal((-1L, -1L), (Replay.Begin(Good, -1).UpTo, Replay.Begin(Good, -1).Position));
    }

    [Fact]
    public void Streams_types_interfaces_and_speed_may_be_named() =>
        Assert.Null(ReplayRules.Check(
            Good with { StreamPrefixes = ["account-"], EventTypes = [typeof(Happened).FullName!, typeof(IHappening).FullName!], EventsPerSecond = 1, EventsPerMessage = 1_000 }, Head, Types));

    private static ReplayRequest Wrong(string what) => what switch
    {
        "no queue" => Good with { ReplyToAddress = null },
        "an empty queue" => Good with { ReplyToAddress = "" },
        "no id" => Good with { ReplayId = Guid.Empty },
        "from below zero" => Good with { FromPosition = -1 },
        "from beyond what comes next" => Good with { FromPosition = Head + 2 },
        "up to before from" => Good with { FromPosition = 5, UpToPosition = 4 },
        "up to beyond the newest" => Good with { UpToPosition = Head + 1 },
        "no speed" => Good with { EventsPerSecond = 0 },
        "too fast" => Good with { EventsPerSecond = 1_000_001 },
        "no event in a message" => Good with { EventsPerMessage = 0 },
        "too many events in a message" => Good with { EventsPerMessage = 1_001 },
        "no stream" => Good with { StreamPrefixes = [] },
        "an empty stream" => Good with { StreamPrefixes = ["account-", ""] },
        "a null stream" => Good with { StreamPrefixes = [null!] },
        "too many types" => Good with { EventTypes = [.. Enumerable.Repeat(typeof(Happened).FullName!, 101)] },
        "an unknown type" => Good with { EventTypes = ["Bank.Gone"] },
        "a type without its namespace" => Good with { EventTypes = [nameof(Happened)] },
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
    };
}
