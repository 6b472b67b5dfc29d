using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Tests.Learning;

public sealed class FailureTests : IAsyncLifetime
{
    private readonly SharedFolder folder = new();

    [Fact]
    public async Task A_message_whose_handling_failed_comes_again_and_the_count_rises()
    {
        var receiver = await folder.Start("receiver", node =>
        {
            node.OnMessage = (message, _) =>
            {
                message.Headers["Scratched"] = "yes";
                throw new InvalidOperationException("Not today.");
            };
            node.OnError = error => error.ImmediateProcessingFailures < 3 ? ErrorHandleResult.RetryRequired : ErrorHandleResult.Handled;
        });
        await receiver.Send("receiver", [1], new() { ["Key"] = "value" });
        await SharedFolder.Until(() => receiver.Failed.Count == 3 && folder.CountIn("receiver") == 0, "three failures");
        Assert.Equal([1, 2, 3], receiver.Failed.Select(error => error.ImmediateProcessingFailures));
        Assert.All(receiver.Failed, error => Assert.Equal(["Key"], error.Headers.Keys));
        Assert.All(receiver.Failed, error => Assert.Equal("Not today.", error.Exception.Message));
    }

    [Fact]
    public async Task A_message_survives_when_even_dealing_with_its_failure_fails()
    {
        var failures = 0;
        var receiver = await folder.Start("receiver", node =>
        {
            node.OnMessage = (_, _) => throw new InvalidOperationException("First.");
            node.OnError = _ => failures++ == 0 ? throw new IOException("Then this.") : ErrorHandleResult.Handled;
        });
        await receiver.Send("receiver", "keep me");
        await SharedFolder.Until(() => receiver.Failed.Count == 2 && folder.CountIn("receiver") == 0, "a second attempt");
    }

    [Theory]
    [InlineData("not a message")]
    [InlineData("null")]
    [InlineData("""{"Id":"1"}""")]
    [InlineData("""{"Id":"1","Headers":null}""")]
    [InlineData("""{"Id":null,"Headers":{}}""")]
    [InlineData("""{"Id":"1","Headers":{"Any.Header":null}}""")]
    public async Task A_file_that_is_no_message_goes_to_the_error_queue_as_it_is(string content)
    {
        var receiver = await folder.Start("receiver");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "receiver", "stray.json"), content);
        await SharedFolder.Until(() => folder.CountIn("error") == 1 && folder.CountIn("receiver") == 0, "the move");
        Assert.Equal(content, await File.ReadAllTextAsync(Path.Combine(folder.Path, "error", "stray.json")));
        Assert.Empty(receiver.Received);
    }

    [Fact]
    public async Task Stopping_waits_for_the_handlers_that_run_and_takes_nothing_more()
    {
        var gate = new TaskCompletionSource();
        var receiver = await folder.Start("receiver", node => node.OnMessage = (_, _) => gate.Task);
        await receiver.Send("receiver", "running");
        await SharedFolder.Until(() => receiver.Received.Count == 1, "the handler");
        await receiver.Send("receiver", "waiting");
        var stop = receiver.Stop(CancellationToken.None);
        Assert.False(stop.IsCompleted);
        gate.SetResult();
        await stop.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(["running"], receiver.Texts);
        Assert.Equal(1, folder.CountIn("receiver"));
    }

    [Fact]
    public async Task A_handler_cancelled_by_stopping_leaves_its_message_in_the_queue()
    {
        var receiver = await folder.Start("receiver", node => node.OnMessage = (_, token) => Task.Delay(Timeout.Infinite, token));
        await receiver.Send("receiver", "interrupted");
        await SharedFolder.Until(() => receiver.Received.Count == 1, "the handler");
        using var impatience = new CancellationTokenSource();
        var stop = receiver.Stop(impatience.Token);
        await impatience.CancelAsync();
        await stop.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Empty(receiver.Failed);
        var next = await folder.Start("receiver");
        await SharedFolder.Until(() => next.Received.Count == 1, "the message");
    }

    [Fact]
    public async Task A_folder_that_cannot_be_read_is_reported_once_and_read_again_when_it_can()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow);
        var receiver = await folder.Start("receiver", clock: clock);
        var away = folder.Path + ".away";
        Directory.Move(folder.Path, away);
        for (var round = 0; round < 5; round++)
        {
            clock.Advance(TimeSpan.FromSeconds(3));
            await SharedFolder.Until(() => !receiver.CriticalErrors.IsEmpty, "the report");
        }

        Directory.Move(away, folder.Path);
        await receiver.Send("receiver", "after");
        await SharedFolder.Until(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(3));
                return receiver.Received.Count == 1;
            },
            "the message");
        Assert.Single(receiver.CriticalErrors);
    }

    [Fact]
    public async Task A_receiver_whose_folder_was_deleted_can_still_be_stopped()
    {
        // Time stands still: after its first round the receiver does not look whether its folder is there, and does not make it again in the midst of the deletion.
        var receiver = await folder.Start("receiver", clock: new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow));
        await receiver.Send("receiver", "first round");
        await SharedFolder.Until(() => receiver.Received.Count == 1 && folder.CountIn("receiver") == 0, "the first round");
        Directory.Delete(folder.Path, recursive: true);
        await receiver.Stop(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));
        Directory.CreateDirectory(folder.Path);
    }

    [Fact]
    public async Task A_receiver_that_cannot_give_back_what_it_took_can_be_stopped_and_the_next_one_finds_it()
    {
        var receiver = await folder.Start("receiver", node => node.OnMessage = (_, token) => Task.Delay(Timeout.Infinite, token));
        await receiver.Send("receiver", "in the way");
        await SharedFolder.Until(() => receiver.Received.Count == 1, "the handler");
        var file = Directory.GetFiles(folder.Path, "*.json", SearchOption.AllDirectories).Single();
        var obstacle = Directory.CreateDirectory(Path.Combine(folder.Path, "receiver", Path.GetFileName(file)));
        await receiver.Stop(new CancellationToken(canceled: true)).WaitAsync(TimeSpan.FromSeconds(60));
        obstacle.Delete();
        var next = await folder.Start("receiver");
        await SharedFolder.Until(() => next.Received.Count == 1, "the message");
    }

    [Fact]
    public void Only_so_many_failed_messages_are_remembered_and_those_longest_ago_are_forgotten()
    {
        var counts = new ServiceBus.Learning.FailureCounts();
        for (var number = 0; number < 5_000; number++) Assert.Equal(1, counts.Add("message-" + number));
        Assert.Equal(1_000, counts.Count);
        Assert.Equal((2, 1), (counts.Add("message-4999"), counts.Add("message-0")));
        counts.Forget("message-4999");
        Assert.Equal(1, counts.Add("message-4999"));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await folder.DisposeAsync();
}
