using Bank.ServiceBus.Learning;
using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Tests.Learning;

public sealed class TransactionModeTests : IAsyncLifetime
{
    private const string Message = """{ "Id": "42", "Headers": {}, "Text": "TEXT" }""";

    private readonly SharedFolder folder = new();

    [Fact]
    public async Task In_the_atomic_mode_what_a_handler_sent_leaves_when_and_only_when_it_succeeds()
    {
        var receiver = await folder.Start("receiver", node =>
        {
            node.Mode = TransportTransactionMode.SendsAtomicWithReceive;
            node.OnError = _ => ErrorHandleResult.RetryRequired;
            node.OnMessage = async (message, _) =>
            {
                await node.SendWithin(message, "other", "sent " + node.Received.Count);
                await node.SendWithin(message, "aside", "at once", DispatchConsistency.Isolated);
                Assert.Equal(0, folder.CountIn("other"));
                if (node.Received.Count < 3) throw new InvalidOperationException("not yet");
            };
        });
        await receiver.Send("receiver", "work");
        var other = await folder.Start("other");
        await SharedFolder.Until(() => other.Received.Count == 1 && folder.CountIn("receiver") == 0, "what the third attempt sent");
        Assert.Equal(["sent 3"], other.Texts);
        Assert.Equal(3, folder.CountIn("aside"));
        Assert.All(receiver.Failed, error => Assert.Equal("not yet", error.Exception.Message));
    }

    [Fact]
    public async Task In_the_atomic_mode_a_message_moves_to_the_error_queue_without_a_moment_in_both_or_neither()
    {
        var receiver = await folder.Start("receiver", node =>
        {
            node.Mode = TransportTransactionMode.SendsAtomicWithReceive;
            node.OnMessage = async (message, _) =>
            {
                await node.SendWithin(message, "other", "never");
                throw new InvalidOperationException("never");
            };
            node.OnError = error =>
            {
                node.SendWithin(error.TransportTransaction, "error", "moved").GetAwaiter().GetResult();
                Assert.Equal(0, folder.CountIn("error"));
                return ErrorHandleResult.Handled;
            };
        });
        await receiver.Send("receiver", "work");
        await SharedFolder.Until(() => folder.CountIn("error") == 1 && folder.CountIn("receiver") == 0, "the move");
        Assert.Equal(0, folder.CountIn("other"));
        Assert.Single(receiver.Failed);
    }

    [Fact]
    public async Task In_the_atomic_mode_a_move_to_the_error_queue_that_failed_leaves_nothing_for_the_next_attempt_to_send()
    {
        var receiver = await folder.Start("receiver", node =>
        {
            node.Mode = TransportTransactionMode.SendsAtomicWithReceive;
            node.OnMessage = async (message, _) =>
            {
                if (node.Received.Count == 1) throw new InvalidOperationException("not yet");
                await node.SendWithin(message, "other", "sent");
            };
            node.OnError = error =>
            {
                node.SendWithin(error.TransportTransaction, "error", "ghost").GetAwaiter().GetResult();
                throw new IOException("The move failed.");
            };
        });
        await receiver.Send("receiver", "work");
        await SharedFolder.Until(() => folder.CountIn("other") == 1 && folder.CountIn("receiver") == 0, "the second attempt");
        Assert.Equal(0, folder.CountIn("error"));
    }

    [Fact]
    public async Task What_a_process_committed_before_it_died_is_carried_out_by_the_next()
    {
        var dead = Dead();
        await File.WriteAllTextAsync(Path.Combine(dead, "a.json"), Message.Replace("TEXT", "was committed"));
        foreach (var queue in new[] { "other", "later/.delayed" })
        {
            Directory.CreateDirectory(Path.Combine(folder.Path, queue));
            Directory.CreateDirectory(Path.Combine(dead, "a.json.committed", queue));
            await File.WriteAllTextAsync(Path.Combine(dead, "a.json.committed", queue, "3155378975999999999-b.json"), Message.Replace("TEXT", "sent"));
        }

        var receiver = await folder.Start("receiver");
        await SharedFolder.Until(() => !Directory.Exists(dead), "the end of the dead process");
        await receiver.Send("receiver", "marker");
        await SharedFolder.Until(() => receiver.Received.Count == 1 && folder.CountIn("receiver") == 0, "the marker");
        Assert.Equal(["marker"], receiver.Texts);
        Assert.Equal((1, 1), (folder.CountIn("other"), folder.CountIn("later")));
    }

    [Fact]
    public async Task What_a_process_had_not_committed_when_it_died_was_never_sent()
    {
        var dead = Dead();
        await File.WriteAllTextAsync(Path.Combine(dead, "a.json"), Message.Replace("TEXT", "again"));
        Directory.CreateDirectory(Path.Combine(folder.Path, "other"));
        Directory.CreateDirectory(Path.Combine(dead, "a.json.staged", "other"));
        await File.WriteAllTextAsync(Path.Combine(dead, "a.json.staged", "other", "b.json"), Message);

        var receiver = await folder.Start("receiver");
        await SharedFolder.Until(() => receiver.Received.Count == 1 && !Directory.Exists(dead), "the message");
        Assert.Equal(["again"], receiver.Texts);
        Assert.Equal(0, folder.CountIn("other"));
    }

    [Fact]
    public async Task Without_transactions_a_message_is_gone_before_it_is_handled()
    {
        var counts = new List<int>();
        var receiver = await folder.Start("receiver", node =>
        {
            node.Mode = TransportTransactionMode.None;
            node.OnMessage = (_, _) =>
            {
                counts.Add(folder.CountIn("receiver"));
                throw new InvalidOperationException("lost");
            };
        });
        await receiver.Send("receiver", "work");
        await SharedFolder.Until(() => receiver.Failed.Count == 1, "the failure");
        Assert.Equal([0], counts);
    }

    [Fact]
    public async Task The_size_limit_can_be_lifted()
    {
        var sender = await folder.Start("sender", node => node.RestrictPayloadSize = false);
        await sender.Send("receiver", new string('x', 100_000));
        Assert.Equal(1, folder.CountIn("receiver"));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_used_is_named_with_the_reason()
    {
        var file = Path.Combine(folder.Path, "a-file");
        await File.WriteAllTextAsync(file, "");
        var node = new Node("receiver");
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => node.Start(file, TimeProvider.System, 1, receiving: true));
        Assert.Contains($"StorageDirectory: the folder '{file}' cannot be used: ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_default_folder_is_beside_the_solution_above_the_program_or_an_existing_one_nearer_to_it()
    {
        var program = Directory.CreateDirectory(Path.Combine(folder.Path, "endpoint", "bin")).FullName;
        File.WriteAllText(Path.Combine(folder.Path, "Any.sln"), "");
        Assert.Equal(Path.Combine(folder.Path, ".name"), StorageFolder.FindDefault(".name", program));
        Directory.CreateDirectory(Path.Combine(folder.Path, "endpoint", ".name"));
        Assert.Equal(Path.Combine(folder.Path, "endpoint", ".name"), StorageFolder.FindDefault(".name", program));
        var refusal = Assert.Throws<InvalidOperationException>(() => StorageFolder.FindDefault(".name", "/"));
        Assert.Contains("no folder above '/' holds a solution file or a folder .name", refusal.Message, StringComparison.Ordinal);
    }

    private string Dead()
    {
        var dead = Path.Combine(folder.Path, "receiver", ".taken", "dead");
        Directory.CreateDirectory(dead);
        File.WriteAllText(Path.Combine(dead, ".owner"), "");
        return dead;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await folder.DisposeAsync();
}
