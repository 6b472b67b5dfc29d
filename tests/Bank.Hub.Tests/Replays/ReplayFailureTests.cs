using Bank.Hub.Replays;
using Microsoft.Extensions.Hosting;

namespace Bank.Hub.Tests.Replays;

public sealed class ReplayFailureTests
{
    [Fact]
    public async Task After_crashes_between_sending_and_saving_every_event_was_sent_and_the_count_is_right()
    {
        var storage = new CrashingReplayStorage(new InMemoryReplayStorage());
        await using var hub = new ReplayHub { Storage = storage };
        await hub.Append(1, 35);
        await ReplayHub.Ask(await hub.Start(), ReplayHub.All("asker"));
        await ReplayHub.Until(async () => (await hub.Storage.Unfinished()).Count == 0, "the end");
        Assert.True(storage.Crashes > 5);
        Assert.Equal(Enumerable.Range(1, 35), hub.Session.Numbers("asker").Distinct());
        Assert.True(hub.Session.Numbers("asker").Length > 35);
        // What is sent twice is the same message.
        Assert.Equal(35, hub.Session.To("asker").Where(mail => mail.Message is Happened).Select(mail => mail.Id).Distinct().Count());
        var ends = hub.Session.To("asker").Where(mail => mail.Message is ReplayEnded).ToArray();
        Assert.Single(ends.Select(mail => mail.Id).Distinct());
        Assert.All(ends, mail => Assert.Equal(35, ((ReplayEnded)mail.Message).Events));
    }

    [Fact]
    public async Task Another_instance_goes_on_where_one_that_stopped_was()
    {
        await using var hub = new ReplayHub();
        await hub.Append(1, 40);
        var first = await hub.Start();
        await ReplayHub.Ask(first, ReplayHub.All("asker") with { EventsPerSecond = 40 });
        await ReplayHub.Until(() => hub.Session.Numbers("asker").Length > 4, "the first events");
        await first.StopAsync();
        var sent = hub.Session.Numbers("asker").Length;
        Assert.InRange(sent, 5, 39);
        await hub.Start();
        await ReplayHub.Until(() => hub.Session.IsCompleted("asker"), "the end");
        Assert.Equal(Enumerable.Range(1, 40), hub.Session.Numbers("asker").Distinct());
        // At most what was under way at the stop was sent twice.
        Assert.InRange(hub.Session.Numbers("asker").Length, 40, 44);
        Assert.Single(hub.Session.To("asker"), mail => mail.Message is ReplayBegan);
    }

    [Fact]
    public async Task Of_two_instances_one_sends_also_what_the_other_was_asked_for()
    {
        await using var hub = new ReplayHub();
        await hub.Append(1, 10);
        IHost[] hosts = [await hub.Start(), await hub.Start()];
        foreach (var (host, index) in hosts.Select((host, index) => (host, index))) await ReplayHub.Ask(host, ReplayHub.All($"asker {index}"));
        await ReplayHub.Until(() => hub.Session.IsCompleted("asker 0") && hub.Session.IsCompleted("asker 1"), "both");
        Assert.All(["asker 0", "asker 1"], asker => Assert.Equal(Enumerable.Range(1, 10), hub.Session.Numbers(asker)));
    }

    [Fact]
    public async Task An_event_that_cannot_be_mapped_is_never_skipped_and_holds_up_no_other_replay()
    {
        await using var hub = new ReplayHub();
        await hub.Append(1, 10);
        await hub.Append(11, 1, "new", "strange-");
        await hub.Append(12, 5);
        var host = await hub.Start();
        await ReplayHub.Ask(host, ReplayHub.All("stuck"));
        await ReplayHub.Ask(host, ReplayHub.All("well") with { StreamPrefixes = ["account-"] });
        await ReplayHub.Until(() => hub.Session.IsCompleted("well"), "the other replay");
        Assert.False(hub.Session.IsCompleted("stuck"));
        hub.Mapper.KnowsNew = true;
        await ReplayHub.Until(() => hub.Session.IsCompleted("stuck"), "the end after it was mended");
        Assert.Equal(Enumerable.Range(1, 16), hub.Session.Numbers("stuck"));
    }
}
