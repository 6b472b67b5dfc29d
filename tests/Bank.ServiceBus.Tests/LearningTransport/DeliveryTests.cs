using System.Text;
using Bank.ServiceBus.Transport;
using Microsoft.Extensions.Time.Testing;

namespace Bank.ServiceBus.Tests.Learning;

public sealed class DeliveryTests : IAsyncLifetime
{
    private readonly SharedFolder folder = new();

    [Fact]
    public async Task A_message_arrives_with_its_id_headers_and_text()
    {
        var receiver = await folder.Start("receiver");
        var sender = await folder.Start("sender");
        await sender.Send("receiver", Encoding.UTF8.GetBytes("\uFEFF{\"Name\":\"Čapek \\\"K\\\"\"}"), new() { ["Key"] = "Wert; ü\n" });
        await SharedFolder.Until(() => receiver.Received.Count == 1, "the message");
        var message = receiver.Received.Single();
        Assert.Equal("\uFEFF{\"Name\":\"Čapek \\\"K\\\"\"}", Encoding.UTF8.GetString(message.Body.Span));
        Assert.Equal("Wert; ü\n", message.Headers["Key"]);
        Assert.Equal("receiver", message.ReceiveAddress);
        Assert.True(Guid.TryParse(message.NativeMessageId, out _));
    }

    [Fact]
    public async Task A_body_that_is_no_text_arrives_unchanged()
    {
        var receiver = await folder.Start("receiver");
        byte[] body = [0xFF, 0x00, 0xC3, 0x28, 0x0A];
        await receiver.Send("receiver", body, []);
        await SharedFolder.Until(() => receiver.Received.Count == 1, "the message");
        Assert.Equal(body, receiver.Received.Single().Body.ToArray());
    }

    [Fact]
    public async Task A_message_waits_for_a_receiver_that_has_never_been_up()
    {
        var sender = await folder.Start("sender");
        await sender.Send("later", "hello");
        Assert.Equal(1, folder.CountIn("later"));
        var receiver = await folder.Start("later");
        await SharedFolder.Until(() => receiver.Received.Count == 1, "the message");
        await SharedFolder.Until(() => folder.CountIn("later") == 0, "the end of the message");
    }

    [Fact]
    public async Task Messages_come_in_the_order_in_which_they_were_sent()
    {
        var sender = await folder.Start("sender");
        string[] texts = [.. Enumerable.Range(0, 50).Select(number => number.ToString())];
        foreach (var text in texts) await sender.Send("receiver", text);
        var receiver = await folder.Start("receiver");
        await SharedFolder.Until(() => receiver.Received.Count == 50, "all messages");
        Assert.Equal(texts, receiver.Texts);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(".events")]
    [InlineData("../elsewhere")]
    [InlineData("a/b")]
    public async Task A_queue_name_that_cannot_be_a_folder_is_refused(string name)
    {
        var sender = await folder.Start("sender");
        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => sender.Send(name, "x"));
        Assert.Contains($"'{name}' cannot be the name of a queue", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_beyond_the_size_limit_is_refused_with_both_sizes()
    {
        var sender = await folder.Start("sender", node => node.MaximumMessageBytes = 10);
        await sender.Send("receiver", Encoding.UTF8.GetBytes("1234"), new() { ["abc"] = "ü1" });
        Assert.Equal(1, folder.CountIn("receiver"));
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(
            () => sender.Send("receiver", Encoding.UTF8.GetBytes("12345"), new() { ["abc"] = "ü1" }));
        Assert.Contains("has 11 bytes of headers and body; the limit is 10; RestrictPayloadSize = false lifts the limit.", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, folder.CountIn("receiver"));
    }

    [Fact]
    public async Task A_delayed_message_comes_when_it_is_due_and_not_before()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.Parse("2026-01-01T00:00:00Z"));
        var receiver = await folder.Start("receiver", clock: clock);
        await receiver.Send("receiver", "in an hour", new DispatchProperties { DelayDeliveryWith = TimeSpan.FromHours(1) });
        await receiver.Send("receiver", "at half past", new DispatchProperties { DoNotDeliverBefore = clock.GetUtcNow().AddMinutes(30) });
        await receiver.Send("receiver", "now");
        await SharedFolder.Until(() => receiver.Received.Count == 1, "the message without a delay");
        clock.Advance(TimeSpan.FromMinutes(29));
        await receiver.Send("receiver", "at 29");
        await SharedFolder.Until(() => receiver.Received.Count == 2, "the second message");
        clock.Advance(TimeSpan.FromMinutes(2));
        await SharedFolder.Until(() => receiver.Received.Count == 3, "the delivery at half past");
        clock.Advance(TimeSpan.FromMinutes(30));
        await SharedFolder.Until(() => receiver.Received.Count == 4, "the delivery after an hour");
        Assert.Equal(["now", "at 29", "at half past", "in an hour"], receiver.Texts);
    }

    [Fact]
    public async Task Delays_from_a_second_to_thirty_days_end_when_they_are_due()
    {
        TimeSpan[] delays = [TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(30)];
        var clock = new FakeTimeProvider(DateTimeOffset.Parse("2026-01-31T23:59:59Z"));
        var begin = clock.GetUtcNow();
        var receiver = await folder.Start("receiver", clock: clock);
        foreach (var delay in delays) await receiver.Send("receiver", delay.ToString(), new DispatchProperties { DelayDeliveryWith = delay });
        foreach (var (delay, number) in delays.Select((delay, number) => (delay, number)))
        {
            clock.SetUtcNow(begin + delay - TimeSpan.FromMilliseconds(500));
            await receiver.Send("receiver", "before " + delay);
            await SharedFolder.Until(() => receiver.Received.Count == (2 * number) + 1, "the one without a delay");
            clock.SetUtcNow(begin + delay);
            await SharedFolder.Until(() => receiver.Received.Count == (2 * number) + 2, "the one that is due");
        }

        Assert.Equal(delays.SelectMany(delay => new[] { "before " + delay, delay.ToString() }), receiver.Texts);
    }

    [Fact]
    public async Task A_message_that_outlived_its_time_is_discarded()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.Parse("2026-01-01T00:00:00Z"));
        var receiver = await folder.Start("receiver", clock: clock, receiving: false);
        await receiver.Send("receiver", "short", new DispatchProperties { DiscardIfNotReceivedBefore = TimeSpan.FromSeconds(10) });
        await receiver.Send("receiver", "long", new DispatchProperties { DiscardIfNotReceivedBefore = TimeSpan.FromSeconds(60) });
        clock.Advance(TimeSpan.FromSeconds(30));
        await receiver.Receiver.StartReceive();
        await SharedFolder.Until(() => folder.CountIn("receiver") == 0, "an empty queue");
        Assert.Equal(["long"], receiver.Texts);
    }

    [Fact]
    public async Task A_message_that_is_still_being_written_is_not_received()
    {
        var receiver = await folder.Start("receiver");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "receiver", "0000000000000000001-x.json.tmp"), "{ \"Id\":");
        await receiver.Send("receiver", "whole");
        await SharedFolder.Until(() => receiver.Received.Count == 1, "the whole message");
        Assert.Equal(["whole"], receiver.Texts);
        Assert.Equal(0, folder.CountIn("error"));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await folder.DisposeAsync();
}
