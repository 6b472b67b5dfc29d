using System.Text;
using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Tests.Core;

public sealed class OutgoingHeaderTests
{
    private static readonly string Machine = Environment.MachineName;

    private static SendOptions To(string destination, Action<SendOptions>? more = null)
    {
        var options = new SendOptions();
        options.SetDestination(destination);
        more?.Invoke(options);
        return options;
    }

    private static void HeadersAre(TransportOperation operation, params (string Name, string Value)[] expected) =>
        Assert.Equal(
            expected.OrderBy(header => header.Name, StringComparer.Ordinal).Select(header => $"{header.Name}: {header.Value}"),
            operation.Message.Headers.OrderBy(header => header.Key, StringComparer.Ordinal).Select(header => $"{header.Key}: {header.Value}"));

    [Fact]
    public async Task The_sender_chooses_whether_the_receiver_begins_a_new_trace()
    {
        await using var endpoint = await TestEndpoint.Start();
        var send = new SendOptions();
        send.SetDestination("Other");
        send.StartNewTraceOnReceive();
        await endpoint.Session.Send(new Ping("x"), send);
        var publish = new PublishOptions();
        publish.ContinueExistingTraceOnReceive();
        await endpoint.Session.Publish(new Pinged("y"), publish);
        Assert.Equal(["True", "False"], endpoint.Dispatcher.Dispatched.Select(operation => operation.Message.Headers["NServiceBus.OpenTelemetry.StartNewTrace"]));
    }

    [Fact]
    public async Task A_message_sent_outside_a_handler_begins_a_conversation_and_correlates_with_itself()
    {
        await using var endpoint = await TestEndpoint.Start();
        await endpoint.Session.Send(new Ping("hello"), To("Other", options => options.SetMessageId("id-1")));

        var sent = endpoint.Dispatcher.To("Other");
        var conversation = sent.Message.Headers[Headers.ConversationId];
        Assert.Equal(36, Guid.ParseExact(conversation, "D").ToString().Length);
        HeadersAre(
            sent,
            ("NServiceBus.MessageId", "id-1"),
            ("NServiceBus.MessageIntent", "Send"),
            ("NServiceBus.ConversationId", conversation),
            ("NServiceBus.CorrelationId", "id-1"),
            ("NServiceBus.ReplyToAddress", "Test.Endpoint"),
            ("NServiceBus.OriginatingEndpoint", "Test.Endpoint"),
            ("NServiceBus.OriginatingMachine", Machine),
            ("$.diagnostics.originating.hostid", "0a1b2c3d000040008000000000000001"),
            ("NServiceBus.ContentType", "application/json"),
            ("NServiceBus.EnclosedMessageTypes", typeof(Ping).AssemblyQualifiedName!),
            ("NServiceBus.Version", "10.2.8"),
            ("NServiceBus.TimeSent", TestEndpoint.Now),
            ("NServiceBus.OpenTelemetry.StartNewTrace", "False"));
        Assert.Equal("id-1", sent.Message.MessageId);
        Assert.Equal("""{"Text":"hello"}""", Encoding.UTF8.GetString(sent.Message.Body.Span));
    }

    [Fact]
    public async Task An_event_names_all_its_types_and_starts_a_new_trace()
    {
        await using var endpoint = await TestEndpoint.Start();
        await endpoint.Session.Publish(new PingedTwice("a", "b"));

        var published = endpoint.Dispatcher.Single();
        Assert.Equal(new MulticastDestination(typeof(PingedTwice)), published.Destination);
        Assert.Equal("Publish", published.Message.Headers[Headers.MessageIntent]);
        Assert.Equal("True", published.Message.Headers["NServiceBus.OpenTelemetry.StartNewTrace"]);
        Assert.Equal(
            string.Join(';', new[] { typeof(PingedTwice), typeof(IPinged), typeof(Pinged) }.Select(type => type.AssemblyQualifiedName)),
            published.Message.Headers[Headers.EnclosedMessageTypes]);
    }

    [Fact]
    public async Task A_message_sent_by_a_handler_continues_the_conversation_and_copies_nothing_else()
    {
        await using var endpoint = await TestEndpoint.Start();
        endpoint.Script.Do = (_, context) => context.Send("Other", new Ping("next"));
        await endpoint.Deliver(
            new Ping("first"), (Headers.ConversationId, "conversation-1"), (Headers.CorrelationId, "correlation-1"), ("Bank.Channel", "atm"));

        var headers = endpoint.Dispatcher.To("Other").Message.Headers;
        Assert.Equal("conversation-1", headers[Headers.ConversationId]);
        Assert.Equal("correlation-1", headers[Headers.CorrelationId]);
        Assert.Equal("message-1", headers[Headers.RelatedTo]);
        Assert.NotEqual("message-1", headers[Headers.MessageId]);
        Assert.DoesNotContain("Bank.Channel", headers.Keys);
    }

    [Fact]
    public async Task Without_a_correlation_id_the_id_of_the_handled_message_correlates()
    {
        await using var endpoint = await TestEndpoint.Start();
        endpoint.Script.Do = (_, context) => context.Send("Other", new Ping("next"));
        await endpoint.Deliver(new Ping("first"));

        Assert.Equal("message-1", endpoint.Dispatcher.To("Other").Message.Headers[Headers.CorrelationId]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("conversation-2")]
    public async Task A_message_may_begin_a_conversation_that_names_the_one_before(string? id)
    {
        await using var endpoint = await TestEndpoint.Start();
        endpoint.Script.Do = (_, context) => context.Send(new Ping("next"), To("Other", options => options.StartNewConversation(id)));
        await endpoint.Deliver(new Ping("first"), (Headers.ConversationId, "conversation-1"));
        await endpoint.Session.Send(new Ping("outside"), To("Outside", options => options.StartNewConversation(id)));

        var (next, outside) = (endpoint.Dispatcher.To("Other").Message.Headers, endpoint.Dispatcher.To("Outside").Message.Headers);
        Assert.Equal(("conversation-1", "message-1"), (next[Headers.PreviousConversationId], next[Headers.RelatedTo]));
        Assert.DoesNotContain(Headers.PreviousConversationId, outside.Keys);
        if (id is not null) Assert.Equal((id, id), (next[Headers.ConversationId], outside[Headers.ConversationId]));
        else Assert.Equal((36, 36), (Guid.ParseExact(next[Headers.ConversationId], "D").ToString().Length, Guid.ParseExact(outside[Headers.ConversationId], "D").ToString().Length));
    }

    [Fact]
    public async Task Outside_of_handling_a_conversation_may_be_named_but_not_together_with_a_new_one()
    {
        await using var endpoint = await TestEndpoint.Start();
        await endpoint.Session.Send(new Ping("x"), To("Other", options => options.SetHeader(Headers.ConversationId, "mine")));
        Assert.Equal("mine", endpoint.Dispatcher.To("Other").Message.Headers[Headers.ConversationId]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => endpoint.Session.Send(new Ping("x"), To("Other", options =>
        {
            options.SetHeader(Headers.ConversationId, "mine");
            options.StartNewConversation();
        })));
    }

    [Theory]
    [InlineData("another")]
    [InlineData("conversation-1")]
    public async Task A_handler_cannot_name_its_conversation_by_hand(string named)
    {
        await using var endpoint = await TestEndpoint.Start(configuration => NoRetries(configuration));
        endpoint.Script.Do = (_, context) => context.Send(new Ping("next"), To("Other", options => options.SetHeader(Headers.ConversationId, named)));
        await endpoint.Deliver(new Ping("first"), (Headers.ConversationId, "conversation-1"));

        Assert.Contains(Headers.ConversationId, endpoint.Dispatcher.To("error").Message.Headers["NServiceBus.ExceptionInfo.Message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reply_goes_to_the_reply_address_and_says_nothing_about_traces()
    {
        await using var endpoint = await TestEndpoint.Start();
        endpoint.Script.Do = (_, context) => context.Reply(new Pong("back"));
        await endpoint.Deliver(new Ping("first"), (Headers.ReplyToAddress, "Asker"), (Headers.CorrelationId, "correlation-1"));

        var reply = endpoint.Dispatcher.To("Asker").Message.Headers;
        Assert.Equal("Reply", reply[Headers.MessageIntent]);
        Assert.Equal("correlation-1", reply[Headers.CorrelationId]);
        Assert.DoesNotContain("NServiceBus.OpenTelemetry.StartNewTrace", reply.Keys);
    }

    [Fact]
    public async Task A_delayed_message_says_when_it_is_due()
    {
        await using var endpoint = await TestEndpoint.Start();
        await endpoint.Session.Send(new Ping("later"), To("Other", options => options.DelayDeliveryWith(TimeSpan.FromSeconds(90))));
        await endpoint.Session.Send(
            new Ping("later"), To("Another", options => options.DoNotDeliverBefore(new DateTimeOffset(2026, 8, 6, 2, 0, 0, TimeSpan.FromHours(2)))));

        var delayed = endpoint.Dispatcher.To("Other");
        Assert.Equal("2026-08-05 13:16:13:123456 Z", delayed.Message.Headers["NServiceBus.DeliverAt"]);
        Assert.Equal(TimeSpan.FromSeconds(90), delayed.Properties.DelayDeliveryWith);
        Assert.Equal("2026-08-06 00:00:00:000000 Z", endpoint.Dispatcher.To("Another").Message.Headers["NServiceBus.DeliverAt"]);
    }

    [Fact]
    public async Task Who_sent_a_message_cannot_be_forged_by_options_but_the_time_of_sending_may_be_kept()
    {
        await using var endpoint = await TestEndpoint.Start();
        await endpoint.Session.Send(new Ping("x"), To("Other", options =>
        {
            options.SetHeader(Headers.OriginatingEndpoint, "Somebody.Else");
            options.SetHeader(Headers.TimeSent, "2020-01-01 00:00:00:000000 Z");
            options.SetHeader("Bank.Channel", "atm");
            options.RouteReplyTo("Elsewhere");
        }));

        var headers = endpoint.Dispatcher.To("Other").Message.Headers;
        Assert.Equal("Test.Endpoint", headers[Headers.OriginatingEndpoint]);
        Assert.Equal("2020-01-01 00:00:00:000000 Z", headers[Headers.TimeSent]);
        Assert.Equal("atm", headers["Bank.Channel"]);
        Assert.Equal("Elsewhere", headers[Headers.ReplyToAddress]);
    }

    [Fact]
    public async Task A_header_of_the_endpoint_is_in_whatever_leaves_it_but_not_in_copies_of_what_came()
    {
        await using var endpoint = await TestEndpoint.Start(configuration =>
        {
            configuration.AddHeaderToAllOutgoingMessages("Bank.Site", "first");
            configuration.AddHeaderToAllOutgoingMessages("Bank.Site", "vault");
            configuration.AuditProcessedMessagesTo("audit");
        });
        endpoint.Script.Do = async (_, context) =>
        {
            await context.Send(new Ping("y"), To("Other", options => options.SetHeader("Bank.Site", "elsewhere")));
            await context.Publish(new Pinged("z"));
            await context.Reply(new Pong("back"));
        };
        await endpoint.Deliver(new Ping("x"), (Headers.ReplyToAddress, "Asker"));

        var sites = endpoint.Dispatcher.Dispatched.Select(operation => operation.Message.Headers.GetValueOrDefault("Bank.Site"));
        Assert.Equal(["vault", "vault", "vault", null], sites);
    }

    [Fact]
    public async Task The_version_of_a_forwarded_format_is_kept()
    {
        await using var endpoint = await TestEndpoint.Start();
        await endpoint.Session.Send(new Ping("x"), To("Other", options => options.SetHeader("NServiceBus.Version", "9.1.0")));
        Assert.Equal("9.1.0", endpoint.Dispatcher.To("Other").Message.Headers["NServiceBus.Version"]);
    }

    [Fact]
    public async Task A_send_only_endpoint_names_no_reply_address()
    {
        await using var endpoint = await TestEndpoint.Start(configuration => configuration.SendOnly());
        await endpoint.Session.Send(new Ping("x"), To("Other"));

        Assert.DoesNotContain(Headers.ReplyToAddress, endpoint.Dispatcher.To("Other").Message.Headers.Keys);
    }

    private static void NoRetries(EndpointConfiguration configuration)
    {
        configuration.Recoverability().Immediate(immediate => immediate.NumberOfRetries(0));
        configuration.Recoverability().Delayed(delayed => delayed.NumberOfRetries(0));
    }
}
