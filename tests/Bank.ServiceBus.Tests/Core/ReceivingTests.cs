using Bank.ServiceBus.Pipeline;

namespace Bank.ServiceBus.Tests.Core;

public sealed class ReceivingTests
{
    private const string Body = """{"Text":"hello"}""";

    [Fact]
    public async Task A_plain_client_needs_only_a_native_id_a_type_name_and_a_body()
    {
        await using var endpoint = await TestEndpoint.Start();
        endpoint.Script.Do = (_, context) =>
        {
            Assert.Equal("native-1", context.MessageId);
            return Task.CompletedTask;
        };
        var attempts = await endpoint.Receiver.Deliver(new() { [Headers.EnclosedMessageTypes] = typeof(Ping).FullName! }, Body);

        Assert.Equal(1, attempts);
        Assert.Equal(new Ping("hello"), Assert.Single(endpoint.Script.Seen));
        Assert.Empty(endpoint.Dispatcher.Dispatched);
    }

    [Theory]
    [InlineData("Nobody.Knows.This, Elsewhere")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("]][[,,;;")]
    [InlineData("System.Diagnostics.Process, System.Diagnostics.Process")]
    public async Task A_message_of_no_known_type_goes_to_the_error_queue_at_once_and_says_so(string? types)
    {
        await using var endpoint = await TestEndpoint.Start();
        var headers = new Dictionary<string, string>();
        if (types is not null) headers[Headers.EnclosedMessageTypes] = types;

        Assert.Equal(1, await endpoint.Receiver.Deliver(headers, Body));
        var moved = endpoint.Dispatcher.To("error").Message.Headers;
        Assert.Equal("Bank.ServiceBus.MessageDeserializationException", moved["NServiceBus.ExceptionInfo.ExceptionType"]);
        Assert.Contains(Headers.EnclosedMessageTypes, moved["NServiceBus.ExceptionInfo.Message"], StringComparison.Ordinal);
        Assert.Equal("native-1", moved[Headers.MessageId]);
        Assert.Empty(endpoint.Script.Seen);
    }

    [Fact]
    public async Task A_type_name_nested_without_end_does_not_end_the_process()
    {
        await using var endpoint = await TestEndpoint.Start(configuration => configuration.Conventions().DefiningMessagesAs(type => type.FullName!.EndsWith("Message", StringComparison.Ordinal)));
        var (open, close) = (Enumerable.Repeat("System.Tuple`1[[", 20_000), Enumerable.Repeat("]]", 20_000));
        await endpoint.Receiver.Deliver(new() { [Headers.EnclosedMessageTypes] = string.Concat(open) + "System.Int32" + string.Concat(close) }, Body);

        Assert.True(endpoint.Dispatcher.To("error").Message.Headers["NServiceBus.ExceptionInfo.StackTrace"].Length < 10_000);
    }

    [Theory]
    [InlineData("{", "Ping")]
    [InlineData("null", "Ping")]
    [InlineData("""{"Text":12}""", "$.Text")]
    public async Task A_body_that_is_not_the_message_goes_to_the_error_queue_at_once_and_names_the_reason(string body, string reason)
    {
        await using var endpoint = await TestEndpoint.Start();

        Assert.Equal(1, await endpoint.Receiver.Deliver(TestEndpoint.HeadersOf(new Ping("x")), body));
        Assert.Contains(reason, endpoint.Dispatcher.To("error").Message.Headers["NServiceBus.ExceptionInfo.Message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_members_of_a_body_are_ignored_and_names_are_case_sensitive()
    {
        await using var endpoint = await TestEndpoint.Start();
        await endpoint.Receiver.Deliver(TestEndpoint.HeadersOf(new Ping("x")), """{"text":"lower","Text":"hello","More":[1]}""");

        Assert.Equal(new Ping("hello"), Assert.Single(endpoint.Script.Seen));
    }

    [Fact]
    public async Task Odd_headers_of_foreign_senders_do_no_harm()
    {
        await using var endpoint = await TestEndpoint.Start();
        var attempts = await endpoint.Deliver(
            new Ping("x"), (Headers.MessageIntent, "Whatever"), (Headers.ContentType, "text/plain"), (Headers.TimeSent, "yesterday"), ("traceparent", "rubbish"),
            (Headers.DelayedRetries, "many"));

        Assert.Equal(1, attempts);
        Assert.Single(endpoint.Script.Seen);
    }

    [Fact]
    public async Task An_empty_body_or_a_control_message_reaches_no_handler_and_is_acknowledged()
    {
        await using var endpoint = await TestEndpoint.Start();
        Assert.Equal(1, await endpoint.Receiver.Deliver(TestEndpoint.HeadersOf(new Ping("x")), ""));
        Assert.Equal(1, await endpoint.Deliver(new Ping("x"), ("NServiceBus.ControlMessage", "true")));

        Assert.Empty(endpoint.Script.Seen);
        Assert.Empty(endpoint.Dispatcher.Dispatched);
    }

    [Fact]
    public async Task A_message_without_handler_is_retried_and_then_moved()
    {
        await using var endpoint = await TestEndpoint.Start(configuration => configuration.Recoverability().Delayed(delayed => delayed.NumberOfRetries(0)));

        Assert.Equal(6, await endpoint.Deliver(new Pong("x")));
        var moved = endpoint.Dispatcher.To("error").Message.Headers;
        Assert.Equal("System.InvalidOperationException", moved["NServiceBus.ExceptionInfo.ExceptionType"]);
        Assert.Contains(typeof(Pong).FullName!, moved["NServiceBus.ExceptionInfo.Message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handlers_of_base_types_and_interfaces_see_a_derived_event_in_the_order_of_registration()
    {
        await using var endpoint = await TestEndpoint.Start(configuration =>
        {
            configuration.AddHandler<Handling<IPinged>>();
            configuration.AddHandler<Handling<PingedTwice>>();
            configuration.AddHandler<Handling<Pinged>>();
        });
        var handlers = new List<string>();
        endpoint.Script.Do = (_, context) =>
        {
            handlers.Add(((IInvokeHandlerContext)context).MessageHandler.HandlerType.GetGenericArguments()[0].Name);
            return Task.CompletedTask;
        };
        await endpoint.Deliver(new PingedTwice("a", "b"));

        Assert.Equal(["IPinged", "PingedTwice", "Pinged"], handlers);
    }

    [Fact]
    public async Task A_handler_can_keep_a_message_from_the_handlers_after_it()
    {
        await using var endpoint = await TestEndpoint.Start(configuration => configuration.AddHandler<AlsoHandling<Ping>>());
        await endpoint.Deliver(new Ping("both"));
        Assert.Equal(["also"], endpoint.Script.Steps);

        endpoint.Script.Do = (_, context) =>
        {
            context.DoNotContinueDispatchingCurrentMessageToHandlers();
            return Task.CompletedTask;
        };
        await endpoint.Deliver(new Ping("one"));
        Assert.Equal(["also"], endpoint.Script.Steps);
    }

    [Fact]
    public async Task A_forwarded_message_is_the_same_message()
    {
        await using var endpoint = await TestEndpoint.Start();
        endpoint.Script.Do = (_, context) => context.ForwardCurrentMessageTo("Elsewhere");
        await endpoint.Deliver(new Ping("x"), ("Bank.Channel", "atm"));

        var forwarded = endpoint.Dispatcher.To("Elsewhere").Message;
        Assert.Equal("message-1", forwarded.MessageId);
        Assert.Equal("atm", forwarded.Headers["Bank.Channel"]);
        Assert.Equal("""{"Text":"x"}"""u8.ToArray(), forwarded.Body.ToArray());
    }
}
