using Bank.Hub.Replays;
using Bank.ServiceBus;

namespace Bank.Hub.Tests.Replays;

public sealed class ReplayTests
{
    [Fact]
    public async Task All_history_goes_to_the_asker_alone_in_order_between_its_beginning_and_its_end()
    {
        await using var hub = new ReplayHub();
        await hub.Append(1, 35);
        var request = ReplayHub.All("asker");
        await ReplayHub.Ask(await hub.Start(), request);
        await Ended(hub, "asker");

        Assert.Equal(Enumerable.Range(1, 35), hub.Session.Numbers("asker"));
        var mail = hub.Session.To("asker").ToArray();
        Assert.Equal((34L, request.ReplayId), (Assert.IsType<ReplayBegan>(mail[0].Message).UpTo, ((ReplayBegan)mail[0].Message).Request.ReplayId));
        var end = Assert.IsType<ReplayEnded>(mail[^1].Message);
        Assert.Equal((34L, 35L), (end.UpTo, end.Events));
        Assert.All(mail, one => Assert.Equal(request.ReplayId.ToString(), one.Headers["Bank.Replay.Id"]));
    }

    [Fact]
    public async Task An_event_has_the_id_and_the_conversation_that_it_was_published_with_and_says_where_it_is_stored()
    {
        await using var hub = new ReplayHub();
        await hub.Append(1, 3);
        await ReplayHub.Ask(await hub.Start(), ReplayHub.All("asker"));
        await Ended(hub, "asker");
        var second = hub.Session.To("asker").Single(mail => mail.Message is Happened { Number: 2 });
        Assert.Equal((ReplayHub.Id(2).ToString(), "talk", "1"), (second.Id, second.Headers[Headers.ConversationId], second.Headers["Bank.Replay.Position"]));
    }

    [Fact]
    public async Task Range_streams_and_types_narrow_what_is_sent()
    {
        await using var hub = new ReplayHub();
        await hub.Append(1, 10);
        await hub.Append(11, 10, prefix: "customer-");
        await hub.Append(21, 10, type: "other");
        await hub.Append(31, 5, type: "internal");
        await hub.Append(36, 10);
        var host = await hub.Start();
        await ReplayHub.Ask(host, ReplayHub.All("range") with { FromPosition = 5, UpToPosition = 11 });
        await ReplayHub.Ask(host, ReplayHub.All("streams") with { StreamPrefixes = ["customer-1", "customer-20"] });
        await ReplayHub.Ask(host, ReplayHub.All("types") with { EventTypes = [typeof(OtherHappened).FullName!] });
        await ReplayHub.Ask(host, ReplayHub.All("interface") with { EventTypes = [typeof(IHappening).FullName!], FromPosition = 15 });
        foreach (var asker in new[] { "range", "streams", "types", "interface" }) await Ended(hub, asker);
        Assert.Equal(Enumerable.Range(6, 7), hub.Session.Numbers("range"));
        Assert.Equal(Enumerable.Range(11, 10), hub.Session.Numbers("streams"));
        Assert.Equal(Enumerable.Range(21, 10), hub.Session.Numbers("types"));
        Assert.Equal(Enumerable.Range(16, 15).Concat(Enumerable.Range(36, 10)), hub.Session.Numbers("interface"));
        Assert.Equal(10, ((ReplayEnded)hub.Session.To("types").Last().Message).Events);
    }

    [Fact]
    public async Task An_event_in_two_shapes_comes_once_in_the_newest_that_is_named_else_in_the_oldest()
    {
        await using var hub = new ReplayHub();
        await hub.Append(1, 3, type: "happened in two shapes");
        await hub.Append(4, 3);
        var host = await hub.Start();
        string old = typeof(Happened).FullName!, @new = typeof(OtherHappened).FullName!;
        await ReplayHub.Ask(host, ReplayHub.All("any"));
        await ReplayHub.Ask(host, ReplayHub.All("old") with { EventTypes = [old] });
        await ReplayHub.Ask(host, ReplayHub.All("new") with { EventTypes = [@new] });
        await ReplayHub.Ask(host, ReplayHub.All("both") with { EventTypes = [@new, old] });
        await ReplayHub.Ask(host, ReplayHub.All("packed") with { EventTypes = [@new, old], EventsPerMessage = 2 });
        await ReplayHub.Until(() => hub.Session.Published == 9, "everything published");
        foreach (var asker in new[] { "any", "old", "new", "both", "packed" }) await Ended(hub, asker);

        Assert.Equal(Enumerable.Repeat(nameof(Happened), 6), Kinds("any"));
        Assert.Equal(Enumerable.Repeat(nameof(Happened), 6), Kinds("old"));
        Assert.Equal(Enumerable.Repeat(nameof(OtherHappened), 3), Kinds("new"));
        Assert.Equal([.. Enumerable.Repeat(nameof(OtherHappened), 3), .. Enumerable.Repeat(nameof(Happened), 3)], Kinds("both"));
        Assert.Equal(Kinds("both"), hub.Session.Packs("packed").SelectMany(pack => pack.Events).Select(one => one.Type.Name));
        Assert.Equal([6L, 6L, 3L, 6L, 6L], new[] { "any", "old", "new", "both", "packed" }.Select(asker => ((ReplayEnded)hub.Session.To(asker).Last().Message).Events));

        IEnumerable<string> Kinds(string asker) => hub.Session.To(asker).Select(mail => mail.Message).OfType<IHappening>().Select(message => message.GetType().Name);
    }

    [Fact]
    public async Task What_is_appended_after_the_request_is_left_to_publishing()
    {
        await using var hub = new ReplayHub();
        await hub.Append(1, 20);
        var host = await hub.Start();
        await ReplayHub.Ask(host, ReplayHub.All("asker") with { EventsPerSecond = 4 });
        await hub.Append(21, 30);
        await ReplayHub.Until(() => hub.Session.Published == 50, "everything published while the replay goes on");
        Assert.False(hub.Session.IsCompleted("asker"));
        await Ended(hub, "asker");
        Assert.Equal(Enumerable.Range(1, 20), hub.Session.Numbers("asker"));
    }

    [Fact]
    public async Task A_slow_replay_delays_no_other()
    {
        await using var hub = new ReplayHub();
        await hub.Append(1, 60);
        var host = await hub.Start();
        await ReplayHub.Ask(host, ReplayHub.All("slow") with { EventsPerSecond = 10 });
        await ReplayHub.Until(() => hub.Session.Numbers("slow").Length > 0, "the slow one has begun");
        foreach (var asker in new[] { "one", "two", "three" }) await ReplayHub.Ask(host, ReplayHub.All(asker));
        foreach (var asker in new[] { "one", "two", "three" }) await Ended(hub, asker);
        Assert.InRange(hub.Session.Numbers("slow").Length, 1, 59);
        await Ended(hub, "slow");
        Assert.All(["slow", "one", "two", "three"], asker => Assert.Equal(Enumerable.Range(1, 60), hub.Session.Numbers(asker)));
    }

    [Fact]
    public async Task The_asker_hears_of_progress()
    {
        await using var hub = new ReplayHub { Options = new ReplayOptions { PageSize = 10, ProgressInterval = TimeSpan.Zero } };
        await hub.Append(1, 25);
        await ReplayHub.Ask(await hub.Start(), ReplayHub.All("asker"));
        await Ended(hub, "asker");
        var progress = hub.Session.To("asker").Select(mail => mail.Message).OfType<ReplayAdvanced>().ToArray();
        Assert.Equal([(9L, 10L), (19L, 20L), (24L, 25L)], progress.Select(news => (news.Position, news.Events)));
        Assert.Equal(3, progress.Select(news => news.EventId).Distinct().Count());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(2)]
    public async Task The_asker_of_a_slow_replay_hears_of_progress_within_a_page(int? eventsPerMessage)
    {
        await using var hub = new ReplayHub { Options = new ReplayOptions { PageSize = 100, ProgressInterval = TimeSpan.Zero } };
        await hub.Append(1, 8);
        await ReplayHub.Ask(await hub.Start(), ReplayHub.All("asker") with { EventsPerSecond = 20, EventsPerMessage = eventsPerMessage });
        await Ended(hub, "asker");
        var progress = hub.Session.To("asker").Select(mail => mail.Message).OfType<ReplayAdvanced>().Select(news => (news.Position, news.Events)).Distinct().ToArray();
        Assert.Contains(progress, heard => heard.Position < 7);
        Assert.All(progress, heard => Assert.Equal(heard.Position + 1, heard.Events));
        Assert.Equal((7L, 8L), progress[^1]);
    }

    [Fact]
    public async Task The_same_request_again_and_again_has_one_effect()
    {
        await using var hub = new ReplayHub();
        await hub.Append(1, 20);
        var host = await hub.Start();
        var request = ReplayHub.All("asker");
        await Task.WhenAll(Enumerable.Range(0, 5).Select(time => ReplayHub.Ask(host, request with { Context = $"{time}" })));
        await Ended(hub, "asker");
        await ReplayHub.Ask(host, request);
        await ReplayHub.Ask(host, ReplayHub.All("another"));
        await Ended(hub, "another");
        Assert.Equal(22, hub.Session.To("asker").Count());
    }

    [Fact]
    public async Task An_empty_history_is_sent_at_once()
    {
        await using var hub = new ReplayHub();
        await ReplayHub.Ask(await hub.Start(), ReplayHub.All("asker"));
        await Ended(hub, "asker");
        Assert.Equal((-1L, 0L), hub.Session.To("asker").Select(mail => mail.Message).OfType<ReplayEnded>().Select(end => (end.UpTo, end.Events)).Single());
    }

    [Fact]
    public async Task A_refusal_goes_to_the_asker_and_nothing_else_does()
    {
        await using var hub = new ReplayHub();
        await hub.Append(1, 3);
        var host = await hub.Start();
        var context = await ReplayHub.Ask(host, ReplayHub.All("asker") with { EventTypes = ["Bank.Gone"] });
        var sent = Assert.Single(context.SentMessages);
        Assert.Equal("asker", sent.Options.GetDestination());
        Assert.Equal(new ReplayRefusal("EventTypes", RefusalReason.UnknownType, "Bank.Gone"), ((ReplayDenied)sent.Message).Refusal);
        Assert.Empty(await hub.Storage.Unfinished());
    }

    [Fact]
    public async Task An_id_stands_for_one_replay_to_one_asker()
    {
        await using var hub = new ReplayHub();
        await hub.Append(1, 3);
        var host = await hub.Start();
        var request = ReplayHub.All("asker");
        Assert.Empty((await ReplayHub.Ask(host, request)).SentMessages);
        foreach (var other in new[] { request with { FromPosition = 1 }, request with { ReplyToAddress = "somebody else" }, request with { EventsPerMessage = 5 } })
        {
            var refusal = ((ReplayDenied)Assert.Single((await ReplayHub.Ask(host, other)).SentMessages).Message).Refusal;
            Assert.Equal(("ReplayId", RefusalReason.AlreadyUsed), (refusal.Field, refusal.Reason));
        }
    }

    [Fact]
    public async Task Whoever_names_no_queue_hears_of_the_refusal_as_a_subscriber()
    {
        await using var hub = new ReplayHub();
        var context = await ReplayHub.Ask(await hub.Start(), ReplayHub.All(""));
        Assert.Empty(context.SentMessages);
        Assert.Equal("ReplyToAddress", ((ReplayDenied)Assert.Single(context.PublishedMessages).Message).Refusal.Field);
    }

    private static Task Ended(ReplayHub hub, string asker) => ReplayHub.Until(() => hub.Session.IsCompleted(asker), $"the end of the replay to {asker}");
}
