namespace Bank.ServiceBus.Tests.Core;

[TimeToBeReceived("00:00:30")]
public sealed record Quote(string Text) : IMessage;

/// <summary>How late and how long a message may be delivered, decided where it is sent.</summary>
public sealed class DeliveryRulesTests
{
    private static SendOptions Options(Action<SendOptions>? more = null)
    {
        var options = new SendOptions();
        options.SetDestination("Other");
        more?.Invoke(options);
        return options;
    }

    [Fact]
    public async Task A_type_can_say_how_long_its_messages_are_worth_receiving()
    {
        await using var endpoint = await TestEndpoint.Start();
        await endpoint.Session.Send(new Quote("x"), Options());
        await endpoint.Session.Send(new Ping("x"), Options());
        var (quote, ping) = (endpoint.Dispatcher.Dispatched.First(), endpoint.Dispatcher.Dispatched.Last());
        Assert.Equal((TimeSpan.FromSeconds(30), "00:00:30"), (quote.Properties.DiscardIfNotReceivedBefore, quote.Message.Headers["NServiceBus.TimeToBeReceived"]));
        Assert.Null(ping.Properties.DiscardIfNotReceivedBefore);
        Assert.DoesNotContain("NServiceBus.TimeToBeReceived", ping.Message.Headers.Keys);
    }

    [Fact]
    public async Task A_convention_can_say_it_too_and_the_type_itself_counts_more()
    {
        await using var endpoint = await TestEndpoint.Start(configuration =>
            configuration.Conventions().DefiningTimeToBeReceivedAs(type => type == typeof(Pong) ? TimeSpan.MaxValue : TimeSpan.FromDays(1.5)));
        await endpoint.Session.Send(new Ping("x"), Options());
        await endpoint.Session.Send(new Pong("x"), Options());
        await endpoint.Session.Send(new Quote("x"), Options());
        Assert.Equal(["1.12:00:00", null, "00:00:30"], endpoint.Dispatcher.Dispatched.Select(operation => operation.Message.Headers.GetValueOrDefault("NServiceBus.TimeToBeReceived")));
    }

    [Fact]
    public async Task A_time_that_is_none_is_refused()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => TestEndpoint.Start(configuration => configuration.Conventions().DefiningTimeToBeReceivedAs(_ => TimeSpan.Zero)));
        Assert.Throws<FormatException>(() => new TimeToBeReceivedAttribute("soon"));
    }

    [Fact]
    public async Task What_could_never_be_delivered_fails_in_its_handler_and_nothing_is_stored()
    {
        await using var endpoint = await TestEndpoint.Start(
            configuration =>
            {
                configuration.Recoverability().Immediate(immediate => immediate.NumberOfRetries(0));
                configuration.Recoverability().Delayed(delayed => delayed.NumberOfRetries(0));
            },
            outbox: true, delays: false);
        endpoint.Script.Do = (_, context) => context.Send(new Ping("late"), Options(options => options.DelayDeliveryWith(TimeSpan.FromSeconds(1))));
        await endpoint.Deliver(new Ping("x"));
        Assert.Contains("switched off", endpoint.Dispatcher.To("error").Message.Headers["NServiceBus.ExceptionInfo.Message"], StringComparison.Ordinal);
        Assert.DoesNotContain("commit", endpoint.Store.Steps);
    }

    [Theory]
    [InlineData(100.001)]
    [InlineData(200)]
    public async Task A_delay_beyond_the_longest_is_refused_at_once(double days)
    {
        await using var endpoint = await TestEndpoint.Start(longestDelay: TimeSpan.FromDays(100));
        await endpoint.Session.Send(new Ping("x"), Options(options => options.DelayDeliveryWith(TimeSpan.FromDays(100))));
        await Assert.ThrowsAsync<InvalidOperationException>(() => endpoint.Session.Send(new Ping("x"), Options(options => options.DelayDeliveryWith(TimeSpan.FromDays(days)))));
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            endpoint.Session.Send(new Ping("x"), Options(options => options.DoNotDeliverBefore(endpoint.Clock.GetUtcNow().AddDays(days)))));
        await Assert.ThrowsAsync<InvalidOperationException>(() => endpoint.Session.Send(new Quote("x"), Options(options => options.DelayDeliveryWith(TimeSpan.FromDays(1)))));
        endpoint.Dispatcher.Single();
    }
}
