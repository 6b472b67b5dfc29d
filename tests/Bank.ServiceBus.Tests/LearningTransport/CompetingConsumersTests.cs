using System.Diagnostics;
using Bank.ServiceBus.Learning;

namespace Bank.ServiceBus.Tests.Learning;

public sealed class CompetingConsumersTests : IAsyncLifetime
{
    private const string Message = """{ "Id": "42", "Headers": {}, "Text": "survivor" }""";

    private readonly SharedFolder folder = new();

    [Fact]
    public async Task Two_receivers_share_a_queue_and_handle_every_message_once()
    {
        var bothHaveSome = new TaskCompletionSource();
        var first = await folder.Start("shared", node => node.OnMessage = (_, _) => bothHaveSome.Task, concurrency: 2);
        var second = await folder.Start("shared", node => node.OnMessage = (_, _) => bothHaveSome.Task, concurrency: 2);
        var sender = await folder.Start("sender");
        string[] texts = [.. Enumerable.Range(0, 400).Select(number => number.ToString())];
        foreach (var text in texts) await sender.Send("shared", text);
        await SharedFolder.Until(() => first.Received.Count == 2 && second.Received.Count == 2, "both receivers at work");
        bothHaveSome.SetResult();
        await SharedFolder.Until(() => folder.CountIn("shared") == 0, "an empty queue");
        Assert.Equal(texts.Order(), first.Texts.Concat(second.Texts).Order());
    }

    [Fact]
    public async Task Messages_that_a_dead_receiver_had_taken_come_back()
    {
        Directory.CreateDirectory(TakenBy("dead"));
        await File.WriteAllTextAsync(Path.Combine(TakenBy("dead"), ".owner"), "");
        await File.WriteAllTextAsync(Path.Combine(TakenBy("dead"), "0000000000000000001-1-a.json"), Message);
        Assert.Equal(1, folder.CountIn("receiver"));
        var receiver = await folder.Start("receiver");
        await SharedFolder.Until(() => receiver.Received.Count == 1 && folder.CountIn("receiver") == 0, "the message");
        Assert.Equal(["survivor"], receiver.Texts);
        await SharedFolder.Until(() => !Directory.Exists(TakenBy("dead")), "the end of the folder");
    }

    [Fact]
    public async Task Receivers_that_bring_back_the_messages_of_the_same_dead_ones_do_not_get_in_each_others_way()
    {
        const int Dead = 500;
        folder.Storage.CreateQueue("receiver");
        folder.Storage.CreateQueue("other");
        for (var number = 0; number < Dead; number++)
        {
            var (owned, taken) = (TakenBy("dead" + number), Path.Combine(TakenBy("dead" + number), number + ".json"));
            Directory.CreateDirectory(Path.Combine(taken + "-b.json.committed", "other"));
            await File.WriteAllTextAsync(Path.Combine(owned, ".owner"), "");
            await File.WriteAllTextAsync(taken, Message);
            await File.WriteAllTextAsync(Path.Combine(taken + "-b.json.committed", "other", number + ".json"), Message);
        }

        TakenMessages[] receivers = [.. Enumerable.Range(0, 8).Select(_ => new TakenMessages(folder.Storage, "receiver"))];
        using var start = new Barrier(receivers.Length);
        await Task.WhenAll(receivers.Select(receiver => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                receiver.RecoverAbandoned();
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Assert.Equal(Dead, Directory.GetFiles(Path.Combine(folder.Path, "receiver"), "*.json").Length);
        Assert.Equal(Dead, Directory.GetFiles(Path.Combine(folder.Path, "other"), "*.json").Length);
        Assert.Empty(Directory.GetDirectories(TakenBy(""), "dead*"));
        foreach (var receiver in receivers) receiver.Dispose();
    }

    [SkippableFact]
    public async Task Messages_of_another_process_stay_with_it_until_it_is_killed()
    {
        Skip.IfNot(File.Exists("/usr/bin/flock"), "flock is not installed, so no other process can own a folder.");
        Directory.CreateDirectory(TakenBy("other"));
        await File.WriteAllTextAsync(Path.Combine(TakenBy("other"), "0000000000000000001-1-a.json"), Message);
        using var owner = Process.Start(
            new ProcessStartInfo("/usr/bin/flock", ["-o", Path.Combine(TakenBy("other"), ".owner"), "sh", "-c", "echo owned; exec sleep 60"])
            {
                RedirectStandardOutput = true,
            })!;
        Assert.Equal("owned", await owner.StandardOutput.ReadLineAsync());

        var receiver = await folder.Start("receiver");
        await receiver.Send("receiver", "mine");
        await SharedFolder.Until(() => receiver.Received.Count == 1, "the other message");
        Assert.Equal(["mine"], receiver.Texts);
        Assert.Equal(1, folder.CountIn("receiver"));

        owner.Kill(entireProcessTree: true);
        await SharedFolder.Until(() => receiver.Received.Count == 2 && folder.CountIn("receiver") == 0, "the message of the killed process");
        Assert.Equal(["mine", "survivor"], receiver.Texts);
    }

    [Fact]
    public async Task The_count_of_a_queue_has_the_waiting_the_delayed_and_the_taken()
    {
        var gate = new TaskCompletionSource();
        var receiver = await folder.Start("receiver", node => node.OnMessage = (_, _) => gate.Task);
        Assert.Equal(0, folder.CountIn("receiver"));
        await receiver.Send("receiver", "taken");
        await SharedFolder.Until(() => receiver.Received.Count == 1, "the handler");
        await receiver.Send("receiver", "waiting");
        await receiver.Send("receiver", "delayed", new() { DelayDeliveryWith = TimeSpan.FromDays(30) });
        Assert.Equal(3, folder.CountIn("receiver"));
        Assert.Equal(0, folder.CountIn("never used"));
        gate.SetResult();
        await SharedFolder.Until(() => folder.CountIn("receiver") == 1, "all but the delayed message");
    }

    private string TakenBy(string owner) => Path.Combine(folder.Path, "receiver", ".taken", owner);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await folder.DisposeAsync();
}
