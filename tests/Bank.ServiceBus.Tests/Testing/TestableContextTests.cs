using Bank.ServiceBus.Pipeline;
using Bank.ServiceBus.Testing;
using Bank.ServiceBus.Tests.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Bank.ServiceBus.Tests.Testing;

public sealed class TestableContextTests
{
    private readonly TestableMessageHandlerContext context = new();

    [Fact]
    public async Task What_a_handler_does_is_remembered_by_kind_and_in_order()
    {
        await context.Send("Elsewhere", new Ping("1"));
        await context.SendLocal(new Ping("2"));
        await context.Publish(new PingedTwice("3", "4"));
        await context.Reply(new Pong("5"));
        await context.ForwardCurrentMessageTo("Archive");

        Assert.Equal(["1", "2"], context.SentMessages.Containing<Ping>().Select(sent => sent.Message.Text));
        Assert.Equal("Elsewhere", context.SentMessages[0].Options.GetDestination());
        Assert.Equal("3", context.PublishedMessages.Containing<IPinged>().Single().Message.Text);
        Assert.Equal("5", context.RepliedMessages.Single().Message<Pong>().Text);
        Assert.Equal(["Archive"], context.ForwardedMessages);
        Assert.Empty(context.TimeoutMessages);
        Assert.Equal("1", context.FindSentMessage<Ping>().Text);
        Assert.Equal("3", context.FindPublishedMessage<Pinged>().Text);
        Assert.Equal("5", context.FindReplyMessage<Pong>().Text);
        Assert.Null(context.FindSentMessage<Pong>());
    }

    [Fact]
    public void Headers_that_a_test_sets_are_those_that_the_handler_and_the_behaviors_see()
    {
        context.MessageHeaders["Key"] = "value";
        Assert.Equal("value", ((IMessageHandlerContext)context).MessageHeaders["Key"]);
        Assert.Equal("value", context.Headers["Key"]);
        context.MessageHeaders = new Dictionary<string, string> { ["Other"] = "x" };
        Assert.Equal(["Other"], ((IMessageHandlerContext)context).MessageHeaders.Keys);
    }

    [Fact]
    public void Services_come_from_the_collection_of_the_test()
    {
        context.ServiceCollection.AddSingleton(new Ping("service"));
        Assert.Equal("service", ((IBehaviorContext)context).Builder.GetRequiredService<Ping>().Text);
    }

    [Fact]
    public void Stopping_further_handlers_is_remembered()
    {
        Assert.False(context.HandlerInvocationAborted);
        context.DoNotContinueDispatchingCurrentMessageToHandlers();
        Assert.True(context.DoNotContinueDispatchingCurrentMessageToHandlersWasCalled);
        Assert.True(context.HandlerInvocationAborted);
    }

    [Fact]
    public async Task Sends_from_many_threads_are_all_remembered()
    {
        await Task.WhenAll(Enumerable.Range(0, 200).Select(number => Task.Run(() => context.SendLocal(new Ping(number.ToString())))));
        Assert.Equal(200, context.SentMessages.Containing<Ping>().Select(sent => sent.Message.Text).Distinct().Count());
    }

    [Fact]
    public async Task A_session_remembers_what_was_sent_and_subscribed()
    {
        var session = new TestableMessageSession();
        await session.Send(new Ping("1"));
        await session.Publish(new Pinged("2"));
        await session.Subscribe<Pinged>();
        await session.Unsubscribe(typeof(IPinged), new UnsubscribeOptions());
        Assert.Equal("1", session.FindSentMessage<Ping>().Text);
        Assert.Equal("2", session.FindPublishedMessage<Pinged>().Text);
        Assert.Equal([typeof(Pinged)], session.Subscriptions.Select(subscription => subscription.Message));
        Assert.Equal([typeof(IPinged)], session.Unsubscription.Select(subscription => subscription.Message));
    }

    [Fact]
    public async Task A_cancelled_session_sends_nothing()
    {
        var session = new TestableMessageSession();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.Send(new Ping("1"), new CancellationToken(canceled: true)));
        Assert.Empty(session.SentMessages);
    }
}
