namespace Bank.ServiceBus.Tests.Learning;

public sealed class PublishTests : IAsyncLifetime
{
    private readonly SharedFolder folder = new();

    private interface IDeed;

    private class Moved : IDeed;

    private sealed class MovedFar : Moved;

    private sealed class Slept : IDeed;

    [Fact]
    public async Task An_event_reaches_subscribers_of_its_type_its_base_type_and_its_interface()
    {
        var publisher = await folder.Start("publisher");
        var exact = await Subscriber("exact", typeof(MovedFar));
        var parent = await Subscriber("parent", typeof(Moved));
        var contract = await Subscriber("contract", typeof(IDeed));
        var other = await Subscriber("other", typeof(Slept));
        await publisher.Publish(typeof(MovedFar), "far");
        await publisher.Publish(typeof(Slept), "slept");
        await SharedFolder.Until(() => contract.Received.Count == 2 && other.Received.Count == 1, "both events");
        await SharedFolder.Until(() => exact.Received.Count == 1 && parent.Received.Count == 1, "the event");
        Assert.Equal(["far"], exact.Texts);
        Assert.Equal(["far"], parent.Texts);
        Assert.Equal(["far", "slept"], contract.Texts);
        Assert.Equal(["slept"], other.Texts);
    }

    [Fact]
    public async Task A_subscriber_to_a_type_and_its_parents_gets_one_copy()
    {
        var subscriber = await Subscriber("subscriber", typeof(MovedFar), typeof(Moved), typeof(IDeed));
        await subscriber.Publish(typeof(MovedFar), "far");
        await subscriber.Send("subscriber", "end");
        await SharedFolder.Until(() => subscriber.Texts.Contains("end"), "the end");
        Assert.Equal(["far", "end"], subscriber.Texts);
    }

    [Fact]
    public async Task An_ended_subscription_brings_nothing_more()
    {
        var subscriber = await Subscriber("subscriber", typeof(Moved));
        await subscriber.Receiver.Subscriptions!.Unsubscribe(typeof(Moved));
        await subscriber.Publish(typeof(Moved), "moved");
        await subscriber.Send("subscriber", "end");
        await SharedFolder.Until(() => subscriber.Texts.Contains("end"), "the end");
        Assert.Equal(["end"], subscriber.Texts);
    }

    [Fact]
    public async Task A_subscriber_that_is_down_gets_its_events_later()
    {
        var publisher = await folder.Start("publisher");
        var subscriber = await Subscriber("subscriber", typeof(Moved));
        await subscriber.Stop(CancellationToken.None);
        await publisher.Publish(typeof(Moved), "while down");
        var again = await folder.Start("subscriber");
        await SharedFolder.Until(() => again.Received.Count == 1, "the event");
        Assert.Empty(subscriber.Received);
    }

    private async Task<Node> Subscriber(string queue, params Type[] types)
    {
        var node = await folder.Start(queue);
        await node.Receiver.Subscriptions!.SubscribeAll(types);
        return node;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await folder.DisposeAsync();
}
