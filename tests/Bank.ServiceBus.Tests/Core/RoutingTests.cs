using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Tests.Core;

public sealed class RoutingTests
{
    [Fact]
    public async Task A_command_goes_where_its_assembly_is_routed_unless_its_type_is_routed_elsewhere()
    {
        await using var endpoint = await TestEndpoint.Start(route: routing =>
        {
            routing.RouteToEndpoint(typeof(Ping), "Special");
            routing.RouteToEndpoint(typeof(Ping).Assembly, "General");
        });
        await endpoint.Session.Send(new Ping("x"));
        await endpoint.Session.Send(new Pong("x"));

        Assert.IsType<Ping>(Read<Ping>(endpoint.Dispatcher.To("Special")));
        Assert.IsType<Pong>(Read<Pong>(endpoint.Dispatcher.To("General")));
    }

    [Fact]
    public async Task A_destination_in_the_options_wins()
    {
        await using var endpoint = await TestEndpoint.Start(route: routing => routing.RouteToEndpoint(typeof(Ping), "Special"));
        await endpoint.Session.Send("Elsewhere", new Ping("x"));

        endpoint.Dispatcher.To("Elsewhere");
    }

    [Fact]
    public async Task A_message_without_route_is_refused_by_name()
    {
        await using var endpoint = await TestEndpoint.Start();
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => endpoint.Session.Send(new Ping("x")));

        Assert.Contains(typeof(Ping).FullName!, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("RouteToEndpoint", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(endpoint.Dispatcher.Dispatched);
    }

    [Fact]
    public async Task A_local_message_goes_to_the_own_queue_which_a_send_only_endpoint_does_not_have()
    {
        await using var endpoint = await TestEndpoint.Start();
        await endpoint.Session.SendLocal(new Ping("x"));
        endpoint.Dispatcher.To(TestEndpoint.Name);

        await using var sender = await TestEndpoint.Start(configuration => configuration.SendOnly());
        await Assert.ThrowsAsync<InvalidOperationException>(() => sender.Session.SendLocal(new Ping("x")));
        Assert.Empty(sender.Dispatcher.Dispatched);
    }

    [Fact]
    public async Task An_event_cannot_be_sent_and_a_command_cannot_be_published()
    {
        await using var endpoint = await TestEndpoint.Start();

        var sent = await Assert.ThrowsAsync<InvalidOperationException>(() => endpoint.Session.Send("Other", new Pinged("x")));
        var published = await Assert.ThrowsAsync<InvalidOperationException>(() => endpoint.Session.Publish(new Ping("x")));
        Assert.Contains(typeof(Pinged).FullName!, sent.Message, StringComparison.Ordinal);
        Assert.Contains(typeof(Ping).FullName!, published.Message, StringComparison.Ordinal);
        Assert.Empty(endpoint.Dispatcher.Dispatched);
    }

    [Fact]
    public async Task One_operation_may_be_freed_of_what_its_kind_of_message_is_meant_for()
    {
        await using var endpoint = await TestEndpoint.Start();
        var send = new SendOptions();
        send.SetDestination("Other");
        send.DoNotEnforceBestPractices();
        await endpoint.Session.Send(new Pinged("x"), send);
        var publish = new PublishOptions();
        publish.DoNotEnforceBestPractices();
        await endpoint.Session.Publish(new Ping("x"), publish);

        Assert.Equal("Send", endpoint.Dispatcher.To("Other").Message.Headers[Headers.MessageIntent]);
        Assert.Contains(endpoint.Dispatcher.Dispatched, operation => operation.Destination == new MulticastDestination(typeof(Ping)));
    }

    [Fact]
    public async Task A_reply_is_neither_command_nor_event_and_needs_somebody_to_go_to()
    {
        await using var endpoint = await TestEndpoint.Start();
        var refusals = new List<string>();
        endpoint.Script.Do = async (_, context) =>
        {
            foreach (var reply in new object[] { new Ping("x"), new Pinged("x"), new Pong("x") })
                refusals.Add((await Assert.ThrowsAsync<InvalidOperationException>(() => context.Reply(reply))).Message);
        };
        await endpoint.Deliver(new Ping("x"));

        Assert.Equal(3, refusals.Count);
        Assert.Contains(Headers.ReplyToAddress, refusals[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conventions_take_the_place_of_markers()
    {
        await using var endpoint = await TestEndpoint.Start(
            configuration =>
            {
                configuration.Conventions().DefiningCommandsAs(type => type == typeof(PlainCommand));
                configuration.AddHandler<Handling<PlainCommand>>();
            },
            routing => routing.RouteToEndpoint(typeof(PlainCommand).Assembly, "General"));
        await endpoint.Session.Send(new PlainCommand("x"));
        await endpoint.Deliver(new PlainCommand("y"));

        Assert.Equal(typeof(PlainCommand).AssemblyQualifiedName, endpoint.Dispatcher.To("General").Message.Headers[Headers.EnclosedMessageTypes]);
        Assert.Equal(new PlainCommand("y"), Assert.Single(endpoint.Script.Seen));
        await Assert.ThrowsAsync<InvalidOperationException>(() => endpoint.Session.Publish(new PlainCommand("x")));
        await Assert.ThrowsAsync<InvalidOperationException>(() => endpoint.Session.Send(new NotAMessage("x")));
    }

    [Fact]
    public async Task What_a_handler_sends_leaves_in_one_batch_in_its_order()
    {
        await using var endpoint = await TestEndpoint.Start();
        endpoint.Script.Do = async (_, context) =>
        {
            foreach (var number in Enumerable.Range(1, 5)) await context.Send("Other", new Ping(number.ToString()));
            Assert.Equal(0, endpoint.Dispatcher.Calls);
        };
        await endpoint.Deliver(new Ping("x"));

        Assert.Equal(1, endpoint.Dispatcher.Calls);
        Assert.Equal(["1", "2", "3", "4", "5"], endpoint.Dispatcher.Dispatched.Select(operation => Read<Ping>(operation).Text));
    }

    private static T Read<T>(TransportOperation operation) => System.Text.Json.JsonSerializer.Deserialize<T>(operation.Message.Body.Span)!;
}
