namespace Bank.ServiceBus.Tests.Core;

/// <summary>An instance with a queue of its own.</summary>
public sealed class InstanceAddressTests
{
    private const string Own = TestEndpoint.Name + "-east";

    [Fact]
    public async Task An_instance_receives_from_the_shared_queue_and_from_its_own()
    {
        await using var endpoint = await TestEndpoint.Start(Addressable);
        Assert.Equal((TestEndpoint.Name, Own), (endpoint.Receiver.ReceiveAddress, endpoint.Transport.InstanceReceiver!.ReceiveAddress));
        var handled = 0;
        endpoint.Script.Do = (_, _) =>
        {
            handled++;
            return Task.CompletedTask;
        };
        await endpoint.Deliver(new Ping("shared"));
        await endpoint.Transport.InstanceReceiver.Deliver(TestEndpoint.HeadersOf(new Ping("own")), """{"Text":"own"}""");
        Assert.Equal(2, handled);
        await endpoint.StopAsync();
        Assert.Equal(2, endpoint.Transport.Calls.Count(call => call == "stop"));
    }

    [Fact]
    public async Task Messages_and_answers_can_be_led_to_one_instance()
    {
        await using var endpoint = await TestEndpoint.Start(Addressable, routing => routing.RouteToEndpoint(typeof(Ping), "Other"));
        var (here, there) = (new SendOptions(), new SendOptions());
        here.RouteToThisInstance();
        here.RouteReplyToThisInstance();
        there.RouteToSpecificInstance("west");
        await endpoint.Session.Send(new Ping("x"), here);
        await endpoint.Session.Send(new Ping("x"), there);

        Assert.Equal("west", there.GetRouteToSpecificInstance());
        Assert.Equal(Own, endpoint.Dispatcher.To(Own).Message.Headers[Headers.ReplyToAddress]);
        Assert.Equal(TestEndpoint.Name, endpoint.Dispatcher.To("Other-west").Message.Headers[Headers.ReplyToAddress]);
    }

    [Fact]
    public async Task An_instance_without_a_queue_of_its_own_says_what_is_missing()
    {
        await using var endpoint = await TestEndpoint.Start();
        var options = new SendOptions();
        options.RouteToThisInstance();
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => endpoint.Session.Send(new Ping("x"), options));
        Assert.Contains("MakeInstanceUniquelyAddressable", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(options.RouteToThisEndpoint);
        Assert.Throws<InvalidOperationException>(() => options.RouteToSpecificInstance("west"));
    }

    [Fact]
    public async Task A_queue_may_have_another_name_than_its_endpoint()
    {
        await using var endpoint = await TestEndpoint.Start(configuration =>
        {
            Addressable(configuration);
            configuration.OverrideLocalAddress("Tellers");
            configuration.Recoverability().AddUnrecoverableException<TimeoutException>();
        });
        Assert.Equal(("Tellers", "Tellers-east"), (endpoint.Receiver.ReceiveAddress, endpoint.Transport.InstanceReceiver!.ReceiveAddress));
        endpoint.Script.Do = async (_, context) =>
        {
            var now = new SendOptions();
            now.RouteToThisEndpoint();
            now.RequireImmediateDispatch();
            await context.Send(new Ping("y"), now);
            throw new TimeoutException();
        };
        await endpoint.Deliver(new Ping("x"));

        var (sent, failed) = (endpoint.Dispatcher.To("Tellers").Message.Headers, endpoint.Dispatcher.To("error").Message.Headers);
        Assert.Equal(("Tellers", TestEndpoint.Name), (sent[Headers.ReplyToAddress], sent[Headers.OriginatingEndpoint]));
        Assert.Equal(("Tellers", TestEndpoint.Name), (failed["NServiceBus.FailedQ"], failed["NServiceBus.ProcessingEndpoint"]));
    }

    private static void Addressable(EndpointConfiguration configuration) => configuration.MakeInstanceUniquelyAddressable("east");
}
