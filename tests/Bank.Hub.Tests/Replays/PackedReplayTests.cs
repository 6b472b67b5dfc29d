using Bank.Hub.Replays;

namespace Bank.Hub.Tests.Replays;

public sealed class PackedReplayTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(25)]
    [InlineData(1000)]
    public async Task Stretches_join_from_the_first_position_to_the_last_whatever_the_size_of_pages_and_messages(int perMessage)
    {
        await using var hub = new ReplayHub();
        await hub.Append(1, 35);
        await ReplayHub.Ask(await hub.Start(), ReplayHub.All("asker") with { EventsPerMessage = perMessage });
        await Ended(hub, "asker");
        var packs = hub.Session.Packs("asker");
        Assert.Equal((-1L, 34L), (packs[0].After, packs[^1].UpTo));
        Assert.Equal(packs.Skip(1).Select(pack => pack.After), packs.SkipLast(1).Select(pack => pack.UpTo));
        Assert.All(packs, pack => Assert.InRange(pack.Events.Count, 1, perMessage));
        Assert.All(packs, pack => Assert.All(pack.Events, one => Assert.InRange(one.Position, pack.After + 1, pack.UpTo)));
        Assert.Equal(Enumerable.Range(1, 35), Numbers(packs));
        Assert.Empty(hub.Session.Numbers("asker"));
        Assert.Equal((35 + perMessage - 1) / perMessage, packs.Length);
        Assert.Equal(35, hub.Session.To("asker").Select(mail => mail.Message).OfType<ReplayEnded>().Single().Events);
    }

    [Fact]
    public async Task An_event_says_where_it_is_stored_what_it_is_and_what_the_body_of_its_own_message_would_hold()
    {
        await using var hub = new ReplayHub();
        await hub.Append(1, 3);
        await ReplayHub.Ask(await hub.Start(), ReplayHub.All("asker") with { EventsPerMessage = 10, FromPosition = 1 });
        await Ended(hub, "asker");
        var pack = Assert.Single(hub.Session.Packs("asker"));
        Assert.Equal((0L, 2L), (pack.After, pack.UpTo));
        Assert.Equal((1L, typeof(Happened), """{"Number":2}"""), (pack.Events[0].Position, pack.Events[0].Type, pack.Events[0].Json.GetRawText()));
    }

    [Fact]
    public async Task Pages_that_hold_nothing_wanted_are_part_of_a_stretch_and_cost_no_message()
    {
        await using var hub = new ReplayHub();
        await hub.Append(1, 50);
        await hub.Append(51, 1, type: "other");
        await hub.Append(52, 50);
        await ReplayHub.Ask(await hub.Start(), ReplayHub.All("asker") with { EventsPerMessage = 5, EventTypes = [typeof(OtherHappened).FullName!] });
        await Ended(hub, "asker");
        Assert.Equal((-1L, 100L, 1), hub.Session.Packs("asker").Select(pack => (pack.After, pack.UpTo, pack.Events.Count)).Single());
    }

    [Fact]
    public async Task Asking_again_for_messages_of_another_size_is_asking_for_the_same()
    {
        await using var hub = new ReplayHub();
        await hub.Append(1, 35);
        var host = await hub.Start();
        var request = ReplayHub.All("asker") with { EventsPerMessage = 10 };
        foreach (var size in new[] { 10, 200, 3 }) Assert.Empty((await ReplayHub.Ask(host, request with { EventsPerMessage = size })).SentMessages);
        await Ended(hub, "asker");
        Assert.Equal([10, 10, 10, 5], hub.Session.Packs("asker").Select(pack => pack.Events.Count));
    }

    [Fact]
    public async Task A_message_is_bounded_in_bytes_but_holds_one_event_at_least()
    {
        await using var hub = new ReplayHub { Options = new ReplayOptions { PageSize = 10, MessageBytes = 30, PollInterval = TimeSpan.FromMilliseconds(50) } };
        await hub.Append(1, 9);
        await hub.Append(1_000_000_000, 2);
        await ReplayHub.Ask(await hub.Start(), ReplayHub.All("asker") with { EventsPerMessage = 100 });
        await Ended(hub, "asker");
        // {"Number":1} is 12 bytes long, {"Number":1000000000} is 21.
        Assert.Equal([2, 2, 2, 2, 1, 1, 1], hub.Session.Packs("asker").Select(pack => pack.Events.Count));
    }

    [Fact]
    public async Task After_crashes_between_sending_and_saving_the_stretches_overlap_but_leave_nothing_out()
    {
        var storage = new CrashingReplayStorage(new InMemoryReplayStorage());
        await using var hub = new ReplayHub { Storage = storage };
        await hub.Append(1, 35);
        await ReplayHub.Ask(await hub.Start(), ReplayHub.All("asker") with { EventsPerMessage = 4 });
        await ReplayHub.Until(async () => (await hub.Storage.Unfinished()).Count == 0, "the end");
        Assert.True(storage.Crashes > 5);
        var packs = hub.Session.Packs("asker");
        Assert.Equal(Enumerable.Range(0, 35).Select(position => (long)position), Covered(packs));
        Assert.Equal(Enumerable.Range(1, 35), Numbers(packs).Distinct());
        Assert.True(Numbers(packs).Count() > 35);
        Assert.All(hub.Session.To("asker").Select(mail => mail.Message).OfType<ReplayEnded>(), end => Assert.Equal(35, end.Events));
        // The same stretch is the same message.
        Assert.All(packs.GroupBy(pack => (pack.After, pack.UpTo)), same => Assert.Single(same.Select(pack => pack.EventId).Distinct()));
    }

    [Fact]
    public async Task A_stretch_that_the_transport_refuses_is_sent_again_though_later_ones_were_taken()
    {
        await using var hub = new ReplayHub();
        await hub.Append(1, 60);
        var refusals = 0;
        hub.Session.Refuses = message => message is ReplayPacked { After: 9 } && Interlocked.Increment(ref refusals) == 1;
        await ReplayHub.Ask(await hub.Start(), ReplayHub.All("asker") with { EventsPerMessage = 10 });
        await Ended(hub, "asker");
        Assert.Equal(2, refusals);
        Assert.Equal(Enumerable.Range(0, 60).Select(position => (long)position), Covered(hub.Session.Packs("asker")));
    }

    [Fact]
    public async Task A_limit_of_speed_holds_for_messages_of_many_events_too_and_a_stop_loses_nothing()
    {
        await using var hub = new ReplayHub();
        await hub.Append(1, 40);
        var first = await hub.Start();
        await ReplayHub.Ask(first, ReplayHub.All("asker") with { EventsPerSecond = 40, EventsPerMessage = 1000 });
        await ReplayHub.Until(() => hub.Session.Packs("asker").Length > 2, "the first messages");
        await first.StopAsync();
        Assert.InRange(hub.Session.Packs("asker").Sum(pack => pack.Events.Count), 1, 39);
        await hub.Start();
        await Ended(hub, "asker");
        Assert.Equal(Enumerable.Range(1, 40), Numbers(hub.Session.Packs("asker")).Distinct());
        Assert.All(hub.Session.Packs("asker"), pack => Assert.InRange(pack.Events.Count, 1, 4));
    }

    [Fact]
    public async Task Nothing_stored_is_nothing_to_send()
    {
        await using var hub = new ReplayHub();
        await ReplayHub.Ask(await hub.Start(), ReplayHub.All("asker") with { EventsPerMessage = 10 });
        await Ended(hub, "asker");
        Assert.Empty(hub.Session.Packs("asker"));
    }

    private static IEnumerable<int> Numbers(IEnumerable<ReplayPacked> packs) => packs.SelectMany(pack => pack.Events).Select(one => one.Json.GetProperty("Number").GetInt32());

    private static IEnumerable<long> Covered(IEnumerable<ReplayPacked> packs) =>
        packs.SelectMany(pack => Enumerable.Range((int)pack.After + 1, (int)(pack.UpTo - pack.After)).Select(position => (long)position)).Distinct().Order();

    private static Task Ended(ReplayHub hub, string asker) => ReplayHub.Until(() => hub.Session.IsCompleted(asker), $"the end of the replay to {asker}");
}
