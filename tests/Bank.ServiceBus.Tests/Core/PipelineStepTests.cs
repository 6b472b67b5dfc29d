using Bank.ServiceBus.Pipeline;
using Microsoft.Extensions.DependencyInjection;

namespace Bank.ServiceBus.Tests.Core;

public sealed class PipelineStepTests
{
    [Fact]
    public async Task Steps_run_in_the_stage_of_their_context_and_in_the_order_of_registration()
    {
        await using var endpoint = await TestEndpoint.Start(configuration =>
        {
            var pipeline = configuration.Pipeline;
            pipeline.Register(provider => new Outgoing(provider.GetRequiredService<Script>(), "out 1"), "outgoing logical");
            pipeline.Register(provider => new OutgoingBody(provider.GetRequiredService<Script>()), "outgoing physical");
            pipeline.Register(provider => new Handler(provider.GetRequiredService<Script>()), "handler");
            pipeline.Register<Logical>("logical");
            pipeline.Register(typeof(Physical), "physical");
            pipeline.Register(provider => new Outgoing(provider.GetRequiredService<Script>(), "out 2"), "outgoing logical");
        });
        endpoint.Script.Do = (_, context) =>
        {
            endpoint.Script.Steps.Enqueue("handle");
            return context.Send("Other", new Ping("y"));
        };
        await endpoint.Deliver(new Ping("x"));

        Assert.Equal(
            ["physical in", "logical in", "handler in", "handle", "out 1", "out 2", "body", "handler out", "logical out", "physical out"], endpoint.Script.Steps);
    }

    [Fact]
    public async Task A_step_may_replace_what_comes_in()
    {
        await using var endpoint = await TestEndpoint.Start(configuration =>
        {
            configuration.AddHandler<Handling<Pong>>();
            configuration.Pipeline.Register(new Decrypt(), "body");
            configuration.Pipeline.Register(new PingToPong(), "message");
        });
        await endpoint.Receiver.Deliver(TestEndpoint.HeadersOf(new Ping("x")), "encrypted");

        Assert.Equal(new Pong("clear, converted"), Assert.Single(endpoint.Script.Seen));
    }

    [Fact]
    public async Task A_replaced_outgoing_message_names_its_own_type()
    {
        await using var endpoint = await TestEndpoint.Start(configuration => configuration.Pipeline.Register(new ReplaceOutgoing(), "message"));
        await endpoint.Session.Send("Other", new Ping("x"));

        var sent = endpoint.Dispatcher.To("Other").Message;
        Assert.Equal(typeof(Pong).AssemblyQualifiedName, sent.Headers[Headers.EnclosedMessageTypes]);
        Assert.Equal("""{"Text":"replaced"}"""u8.ToArray(), sent.Body.ToArray());
    }

    [Fact]
    public async Task A_step_may_accept_a_message_that_no_handler_takes()
    {
        await using var endpoint = await TestEndpoint.Start(configuration => configuration.Pipeline.Register(new AcceptAll(), "accept"));

        Assert.Equal(1, await endpoint.Deliver(new Pong("x")));
        Assert.Empty(endpoint.Dispatcher.Dispatched);
    }

    [Fact]
    public async Task A_retry_gets_the_message_as_it_came_although_a_step_changed_it()
    {
        await using var endpoint = await TestEndpoint.Start(configuration =>
        {
            configuration.Recoverability().AddUnrecoverableException<TimeoutException>();
            configuration.Pipeline.Register(new Decrypt(), "body");
        });
        endpoint.Script.Do = (_, _) => throw new TimeoutException();
        await endpoint.Receiver.Deliver(TestEndpoint.HeadersOf(new Ping("x")), "encrypted");

        Assert.Equal("encrypted"u8.ToArray(), endpoint.Dispatcher.To("error").Message.Body.ToArray());
    }

    [Fact]
    public void A_step_of_no_known_stage_is_refused()
    {
        var refusal = Assert.Throws<ArgumentException>(() => new EndpointConfiguration("x").Pipeline.Register(typeof(Stageless), "none"));
        Assert.Contains(nameof(IIncomingPhysicalMessageContext), refusal.Message, StringComparison.Ordinal);
    }

    private sealed class Physical(Script script) : Behavior<IIncomingPhysicalMessageContext>
    {
        public override Task Invoke(IIncomingPhysicalMessageContext context, Func<Task> next) => Around(script, "physical", next);
    }

    private sealed class Logical(Script script) : Behavior<IIncomingLogicalMessageContext>
    {
        public override Task Invoke(IIncomingLogicalMessageContext context, Func<Task> next) => Around(script, "logical", next);
    }

    private sealed class Handler(Script script) : Behavior<IInvokeHandlerContext>
    {
        public override Task Invoke(IInvokeHandlerContext context, Func<Task> next) => Around(script, "handler", next);
    }

    private sealed class Outgoing(Script script, string name) : Behavior<IOutgoingLogicalMessageContext>
    {
        public override Task Invoke(IOutgoingLogicalMessageContext context, Func<Task> next)
        {
            script.Steps.Enqueue(name);
            return next();
        }
    }

    private sealed class OutgoingBody(Script script) : Behavior<IOutgoingPhysicalMessageContext>
    {
        public override Task Invoke(IOutgoingPhysicalMessageContext context, Func<Task> next)
        {
            script.Steps.Enqueue("body");
            return next();
        }
    }

    private sealed class Decrypt : Behavior<IIncomingPhysicalMessageContext>
    {
        public override Task Invoke(IIncomingPhysicalMessageContext context, Func<Task> next)
        {
            context.UpdateMessage("""{"Text":"clear"}"""u8.ToArray());
            return next();
        }
    }

    private sealed class PingToPong : Behavior<IIncomingLogicalMessageContext>
    {
        public override Task Invoke(IIncomingLogicalMessageContext context, Func<Task> next)
        {
            context.UpdateMessageInstance(new Pong(((Ping)context.Message.Instance).Text + ", converted"));
            return next();
        }
    }

    private sealed class ReplaceOutgoing : Behavior<IOutgoingLogicalMessageContext>
    {
        public override Task Invoke(IOutgoingLogicalMessageContext context, Func<Task> next)
        {
            context.UpdateMessage(new Pong("replaced"));
            return next();
        }
    }

    private sealed class AcceptAll : Behavior<IIncomingLogicalMessageContext>
    {
        public override Task Invoke(IIncomingLogicalMessageContext context, Func<Task> next)
        {
            context.MessageHandled = true;
            return next();
        }
    }

    private sealed class Stageless : IBehavior;

    private static async Task Around(Script script, string name, Func<Task> next)
    {
        script.Steps.Enqueue(name + " in");
        await next();
        script.Steps.Enqueue(name + " out");
    }
}
