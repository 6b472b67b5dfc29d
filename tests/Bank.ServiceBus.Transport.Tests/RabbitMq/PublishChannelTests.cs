using System.Collections.Concurrent;
using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Transport.Tests.RabbitMq;

/// <summary>All messages of an endpoint go out through one channel, and a destination that does not exist closes it.</summary>
public sealed class PublishChannelTests
{
    private readonly string name = "publish-" + Guid.NewGuid().ToString("N")[..8];

    [SkippableTheory]
    [InlineData("to a missing queue")]
    [InlineData("what the broker refuses")]
    public async Task Who_sends_what_closes_the_channel_fails_alone_and_what_others_have_under_way_arrives(string what)
    {
        // RabbitMQ takes no negative expiration and closes the channel without a word on whose it was.
        Task Offend(TestTransport sender) => what == "to a missing queue"
            ? sender.Send(name + ".missing" + Guid.NewGuid().ToString("N")[..4], "lost")
            : sender.Send(sender.Address, "refused", new DispatchProperties { DiscardIfNotReceivedBefore = TimeSpan.FromSeconds(-1) });

        await using var endpoint = await TestTransport.Start(Broker.Transport(QueueType.Quorum), name, concurrency: 16);
        var confirmed = new ConcurrentBag<string>();
        var done = false;
        async Task SendToOwn(int sender)
        {
            for (var number = 0; !Volatile.Read(ref done); number++)
            {
                var body = $"{sender}-{number}";
                await endpoint.Send(endpoint.Address, body);
                confirmed.Add(body);
            }
        }

        Task[] senders = [.. Enumerable.Range(0, 16).Select(SendToOwn)];
        for (var miss = 0; miss < 40; miss++)
        {
            var exception = await Assert.ThrowsAnyAsync<Exception>(() => Offend(endpoint));
            Assert.Contains(what == "to a missing queue" ? "NOT_FOUND" : "invalid expiration", exception.Message, StringComparison.Ordinal);
        }

        Volatile.Write(ref done, true);
        await Task.WhenAll(senders);
        Assert.NotEmpty(confirmed);
        await Eventually.Holds(() => confirmed.ToHashSet().IsSubsetOf(endpoint.All.Select(message => message.Body)), "everything confirmed");
    }

    [SkippableFact]
    public async Task A_message_whose_headers_no_frame_takes_fails_and_the_next_one_arrives()
    {
        await using var endpoint = await TestTransport.Start(Broker.Transport(QueueType.Quorum), name);
        await Assert.ThrowsAnyAsync<Exception>(() => endpoint.Send(endpoint.Address, "too heavy", headers: new() { ["Heavy"] = new string('x', 200_000) }));
        await endpoint.Send(endpoint.Address, "next");
        await Eventually.Holds(() => endpoint.All.Any(message => message.Body == "next"), "the next one");
        Assert.DoesNotContain(endpoint.All, message => message.Body == "too heavy");
    }

    [SkippableFact]
    public async Task A_queue_that_was_missing_is_sent_to_as_soon_as_it_is_there()
    {
        await using var sender = await TestTransport.Start(Broker.Transport(QueueType.Quorum), name);
        for (var time = 0; time < 3; time++) await Assert.ThrowsAnyAsync<Exception>(() => sender.Send(name + ".later", "too early"));
        await using var later = await TestTransport.Start(Broker.Transport(QueueType.Quorum), name + ".later");
        for (var time = 0; time < 3; time++) await sender.Send(later.Address, "in time");
        await Eventually.Holds(() => later.All.Count(message => message.Body == "in time") == 3, "arrival");
    }

    [SkippableFact]
    public async Task Of_a_batch_with_one_missing_queue_the_others_arrive_and_the_batch_fails()
    {
        await using var endpoint = await TestTransport.Start(Broker.Transport(QueueType.Quorum), name);
        var batch = Enumerable.Range(0, 50).Select(number => TestTransport.Operation(new UnicastDestination(endpoint.Address), number.ToString()))
            .Append(TestTransport.Operation(new UnicastDestination(name + ".missing"), "lost"))
            .Concat(Enumerable.Range(50, 50).Select(number => TestTransport.Operation(new UnicastDestination(endpoint.Address), number.ToString())));
        await Assert.ThrowsAnyAsync<Exception>(() => endpoint.Dispatch([.. batch]));
        await Eventually.Holds(() => endpoint.All.Select(message => message.Body).Distinct().Count() == 100, "the others");
    }
}
