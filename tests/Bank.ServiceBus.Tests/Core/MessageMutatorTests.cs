using System.Text;
using Bank.ServiceBus.MessageMutator;
using Microsoft.Extensions.DependencyInjection;

namespace Bank.ServiceBus.Tests.Core;

public sealed class MessageMutatorTests
{
    [Fact]
    public async Task A_received_message_is_changed_before_and_after_it_is_read()
    {
        await using var endpoint = await TestEndpoint.Start(configuration => configuration.RegisterMessageMutator(new Incoming()));
        var seen = "";
        endpoint.Script.Do = (message, context) =>
        {
            seen = $"{((Ping)message).Text}, {context.MessageHeaders["body"]}, {context.MessageHeaders["message"]}";
            return Task.CompletedTask;
        };
        await endpoint.Receiver.Deliver(TestEndpoint.HeadersOf(new Ping("x")), "%7B%22Text%22%3A%22x%22%7D");
        Assert.Equal("x!, read, seen", seen);
    }

    [Fact]
    public async Task A_sent_message_is_changed_before_and_after_it_is_written_and_its_cause_is_known()
    {
        await using var endpoint = await TestEndpoint.Start(configuration => configuration.RegisterMessageMutator(new Outgoing()));
        endpoint.Script.Do = (_, context) => context.Send("Other", new Ping("y"));
        await endpoint.Deliver(new Ping("x"), ("Bank.Channel", "atm"));
        await endpoint.Session.Send("Outside", new Ping("z"));

        var (within, outside) = (endpoint.Dispatcher.To("Other").Message, endpoint.Dispatcher.To("Outside").Message);
        Assert.Equal("""[{"Text":"y of x"}]""", Encoding.UTF8.GetString(within.Body.Span));
        Assert.Equal("""[{"Text":"z of nothing"}]""", Encoding.UTF8.GetString(outside.Body.Span));
        Assert.Equal(("atm", "y of x after x", typeof(Pong).AssemblyQualifiedName), (within.Headers["Bank.Channel"], within.Headers["written"], within.Headers[Headers.EnclosedMessageTypes]));
        Assert.Equal(("none", "z of nothing after "), (outside.Headers["Bank.Channel"], outside.Headers["written"]));
    }

    [Fact]
    public async Task Mutators_of_the_container_come_first_and_then_those_of_the_configuration_in_their_order()
    {
        await using var endpoint = await TestEndpoint.Start(
            configuration =>
            {
                configuration.RegisterMessageMutator(new Appending("b"));
                configuration.RegisterMessageMutator(new Appending("c"));
            },
            services: services => services.AddScoped<IMutateIncomingMessages>(_ => new Appending("a")));
        await endpoint.Deliver(new Ping("x"));
        Assert.Equal(new Ping("xabc"), Assert.Single(endpoint.Script.Seen));
    }

    [Fact]
    public async Task A_message_that_a_mutator_changed_goes_to_the_error_queue_as_it_came()
    {
        await using var endpoint = await TestEndpoint.Start(configuration =>
        {
            configuration.RegisterMessageMutator(new Incoming());
            configuration.Recoverability().AddUnrecoverableException<TimeoutException>();
        });
        endpoint.Script.Do = (_, _) => throw new TimeoutException();
        await endpoint.Receiver.Deliver(TestEndpoint.HeadersOf(new Ping("x")), "%7B%22Text%22%3A%22x%22%7D");
        Assert.Equal("%7B%22Text%22%3A%22x%22%7D", Encoding.UTF8.GetString(endpoint.Dispatcher.To("error").Message.Body.Span));
    }

    [Fact]
    public void What_is_no_mutator_is_refused() =>
        Assert.Contains("System.String", Assert.Throws<ArgumentException>(() => new EndpointConfiguration("x").RegisterMessageMutator("text")).Message, StringComparison.Ordinal);

    private sealed class Incoming : IMutateIncomingTransportMessages, IMutateIncomingMessages
    {
        public Task MutateIncoming(MutateIncomingTransportMessageContext context)
        {
            context.Body = Encoding.UTF8.GetBytes(Uri.UnescapeDataString(Encoding.UTF8.GetString(context.Body.Span)));
            context.Headers["body"] = "read";
            return Task.CompletedTask;
        }

        public Task MutateIncoming(MutateIncomingMessageContext context)
        {
            context.Message = new Ping(((Ping)context.Message).Text + "!");
            context.Headers["message"] = "seen";
            return Task.CompletedTask;
        }
    }

    private sealed class Outgoing : IMutateOutgoingMessages, IMutateOutgoingTransportMessages
    {
        public Task MutateOutgoing(MutateOutgoingMessageContext context)
        {
            var cause = context.TryGetIncomingMessage(out var handled) ? ((Ping)handled).Text : "nothing";
            context.OutgoingMessage = new Pong($"{((Ping)context.OutgoingMessage).Text} of {cause}");
            context.OutgoingHeaders["Bank.Channel"] = context.TryGetIncomingHeaders(out var headers) ? headers["Bank.Channel"] : "none";
            return Task.CompletedTask;
        }

        public Task MutateOutgoing(MutateOutgoingTransportMessageContext context)
        {
            context.OutgoingBody = Encoding.UTF8.GetBytes($"[{Encoding.UTF8.GetString(context.OutgoingBody.Span)}]");
            context.TryGetIncomingMessage(out var handled);
            context.OutgoingHeaders["written"] = $"{((Pong)context.OutgoingMessage).Text} after {(handled as Ping)?.Text}";
            return Task.CompletedTask;
        }
    }

    private sealed class Appending(string text) : IMutateIncomingMessages
    {
        public Task MutateIncoming(MutateIncomingMessageContext context)
        {
            context.Message = new Ping(((Ping)context.Message).Text + text);
            return Task.CompletedTask;
        }
    }
}
