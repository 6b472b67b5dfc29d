using System.Text;

namespace Bank.ServiceBus.Tests.Core;

public sealed class RecoverabilityTests
{
    private static readonly Func<object, IMessageHandlerContext, Task> Fail = (_, _) => throw new InvalidOperationException("no such account");

    private static void NoRetries(EndpointConfiguration configuration)
    {
        configuration.Recoverability().Immediate(immediate => immediate.NumberOfRetries(0));
        configuration.Recoverability().Delayed(delayed => delayed.NumberOfRetries(0));
    }

    [Fact]
    public async Task A_message_that_keeps_failing_is_tried_six_times_a_round_in_four_rounds_and_then_moved()
    {
        await using var endpoint = await TestEndpoint.Start();
        endpoint.Script.Do = Fail;
        var (headers, delays) = (TestEndpoint.HeadersOf(new Ping("x")), new List<TimeSpan>());
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(6, await endpoint.Receiver.Deliver(headers, """{"Text":"x"}"""));
            var later = endpoint.Dispatcher.To(TestEndpoint.Name);
            endpoint.Dispatcher.Dispatched.Clear();
            delays.Add(later.Properties.DelayDeliveryWith!.Value);
            headers = later.Message.Headers;
            endpoint.Clock.Advance(delays[^1]);
        }

        Assert.Equal(6, await endpoint.Receiver.Deliver(headers, """{"Text":"x"}"""));
        Assert.Equal([TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(30)], delays);
        Assert.Equal(24, endpoint.Script.Seen.Count);
        Assert.Equal("message-1", endpoint.Dispatcher.To("error").Message.MessageId);
    }

    [Fact]
    public async Task Where_nothing_can_be_delayed_a_message_goes_to_the_error_queue_after_its_immediate_retries()
    {
        await using var endpoint = await TestEndpoint.Start(delays: false);
        endpoint.Script.Do = Fail;
        Assert.Equal(6, await endpoint.Receiver.Deliver(TestEndpoint.HeadersOf(new Ping("x")), """{"Text":"x"}"""));
        Assert.Equal("message-1", endpoint.Dispatcher.To("error").Message.MessageId);
    }

    [Theory]
    [InlineData("\u20ac", 1)]
    [InlineData("\ud83c\udfe6", 1)]
    [InlineData("x", 200)]
    public async Task Whatever_an_exception_tells_a_failed_message_can_still_be_moved(string character, int entries)
    {
        await using var endpoint = await TestEndpoint.Start(NoRetries);
        var exception = new InvalidOperationException(string.Concat(Enumerable.Repeat(character, 40_000)));
        for (var entry = 0; entry < entries; entry++) exception.Data["entry " + entry] = new string('x', 5_000);
        exception.Data["refuses"] = new RefusesToTell();
        endpoint.Script.Do = (_, _) => throw exception;
        await endpoint.Deliver(new Ping("x"));

        var told = endpoint.Dispatcher.To("error").Message.Headers.Where(header => header.Key.StartsWith("NServiceBus.ExceptionInfo", StringComparison.Ordinal)).ToArray();
        Assert.InRange(told.Sum(header => Encoding.UTF8.GetByteCount(header.Value)), 50_000, 100_000);
        Assert.DoesNotContain(told, header => header.Value.Contains('\ufffd', StringComparison.Ordinal) || (header.Value.Length > 0 && char.IsHighSurrogate(header.Value[^1])));
        Assert.StartsWith(character, told.Single(header => header.Key == "NServiceBus.ExceptionInfo.Message").Value, StringComparison.Ordinal);
    }

    private sealed class RefusesToTell
    {
        public override string ToString() => throw new NotSupportedException();
    }

    [Fact]
    public async Task A_delayed_retry_keeps_id_body_and_headers_and_counts_the_round()
    {
        await using var endpoint = await TestEndpoint.Start(configuration => configuration.Recoverability().Immediate(immediate => immediate.NumberOfRetries(0)));
        endpoint.Script.Do = Fail;
        await endpoint.Deliver(new Ping("x"), ("Bank.Channel", "atm"), (Headers.DelayedRetries, "1"), (Headers.DelayedRetriesTimestamp, "2026-08-05 13:14:00:000000 Z"));

        var later = endpoint.Dispatcher.To(TestEndpoint.Name);
        Assert.Equal("message-1", later.Message.MessageId);
        Assert.Equal("""{"Text":"x"}""", Encoding.UTF8.GetString(later.Message.Body.Span));
        Assert.Equal("atm", later.Message.Headers["Bank.Channel"]);
        Assert.Equal("2", later.Message.Headers["NServiceBus.Retries"]);
        Assert.Equal(TestEndpoint.Now, later.Message.Headers["NServiceBus.Retries.Timestamp"]);
        Assert.Equal("2026-08-05 13:15:03:123456 Z", later.Message.Headers["NServiceBus.DeliverAt"]);
        Assert.DoesNotContain(later.Message.Headers.Keys, key => key.StartsWith("NServiceBus.ExceptionInfo", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Copies_of_a_message_without_an_id_of_its_own_carry_that_of_the_transport(string? id)
    {
        await using var endpoint = await TestEndpoint.Start(configuration => configuration.Recoverability().Immediate(immediate => immediate.NumberOfRetries(0)));
        endpoint.Script.Do = Fail;
        var headers = TestEndpoint.HeadersOf(new Ping("x"));
        if (id is null) headers.Remove(Headers.MessageId);
        else headers[Headers.MessageId] = id;
        await endpoint.Receiver.Deliver(headers, """{"Text":"x"}""");
        headers[Headers.DelayedRetries] = "3";
        await endpoint.Receiver.Deliver(headers, """{"Text":"x"}""");
        Assert.Equal(
            ("native-1", "native-1"), (endpoint.Dispatcher.To(TestEndpoint.Name).Message.Headers[Headers.MessageId], endpoint.Dispatcher.To("error").Message.Headers[Headers.MessageId]));
    }

    [Fact]
    public async Task A_series_of_delayed_retries_ends_after_a_day()
    {
        await using var endpoint = await TestEndpoint.Start(configuration => configuration.Recoverability().Immediate(immediate => immediate.NumberOfRetries(0)));
        endpoint.Script.Do = Fail;
        await endpoint.Deliver(new Ping("x"), (Headers.DelayedRetries, "1"), (Headers.DelayedRetriesTimestamp, "2026-08-04 13:14:43:000000 Z"));

        Assert.Equal("2026-08-04 13:14:43:000000 Z", endpoint.Dispatcher.To("error").Message.Headers["NServiceBus.Retries.Timestamp"]);
    }

    [Fact]
    public async Task A_moved_message_tells_what_went_wrong_where_and_when()
    {
        await using var endpoint = await TestEndpoint.Start(configuration =>
        {
            NoRetries(configuration);
            configuration.SendFailedMessagesTo("broken");
        });
        endpoint.Script.Do = (_, _) => throw new InvalidOperationException("outer", new FormatException("inner")) { HelpLink = "https://bank.example/help" };
        await endpoint.Deliver(new Ping("x"), ("Bank.Channel", "atm"), ("NServiceBus.Retries", "3"), ("NServiceBus.FLRetries", "1"), ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));

        var moved = endpoint.Dispatcher.To("broken").Message;
        Assert.Equal("message-1", moved.MessageId);
        Assert.Equal("""{"Text":"x"}""", Encoding.UTF8.GetString(moved.Body.Span));
        var expected = new Dictionary<string, string>
        {
            ["Bank.Channel"] = "atm",
            ["NServiceBus.MessageId"] = "message-1",
            ["NServiceBus.FailedQ"] = TestEndpoint.Name,
            ["NServiceBus.TimeOfFailure"] = TestEndpoint.Now,
            ["NServiceBus.ExceptionInfo.ExceptionType"] = "System.InvalidOperationException",
            ["NServiceBus.ExceptionInfo.InnerExceptionType"] = "System.FormatException",
            ["NServiceBus.ExceptionInfo.Message"] = "outer",
            ["NServiceBus.ExceptionInfo.HelpLink"] = "https://bank.example/help",
            ["NServiceBus.ExceptionInfo.Data.Message type"] = typeof(Ping).FullName!,
            ["NServiceBus.ExceptionInfo.Data.Handler type"] = typeof(Handling<Ping>).FullName!,
            ["NServiceBus.ExceptionInfo.Data.Handler start time"] = TestEndpoint.Now,
            ["NServiceBus.ExceptionInfo.Data.Handler failure time"] = TestEndpoint.Now,
            ["NServiceBus.ExceptionInfo.Data.Handler canceled"] = "False",
            ["NServiceBus.ExceptionInfo.Data.Message ID"] = "message-1",
            ["NServiceBus.ExceptionInfo.Data.Transport message ID"] = "native-1",
            ["NServiceBus.ExceptionInfo.Data.Pipeline canceled"] = "False",
            ["NServiceBus.ProcessingMachine"] = Environment.MachineName,
            ["NServiceBus.ProcessingEndpoint"] = TestEndpoint.Name,
            ["$.diagnostics.hostid"] = "0a1b2c3d000040008000000000000001",
            ["$.diagnostics.hostdisplayname"] = "instance-a",
            ["NServiceBus.OpenTelemetry.StartNewTrace"] = "True",
        };
        foreach (var (name, value) in expected) Assert.Equal((name, value), (name, moved.Headers.GetValueOrDefault(name)));
        Assert.StartsWith("System.InvalidOperationException: outer", moved.Headers["NServiceBus.ExceptionInfo.StackTrace"], StringComparison.Ordinal);
        Assert.DoesNotContain("NServiceBus.Retries", moved.Headers.Keys);
        Assert.DoesNotContain("NServiceBus.FLRetries", moved.Headers.Keys);
    }

    [Fact]
    public async Task A_very_long_exception_is_cut_so_that_a_broker_takes_its_headers()
    {
        await using var endpoint = await TestEndpoint.Start(NoRetries);
        endpoint.Script.Do = (_, _) => throw new InvalidOperationException(new string('x', 200_000)) { Data = { ["sql"] = new string('y', 200_000) } };
        await endpoint.Deliver(new Ping("x"));

        var headers = endpoint.Dispatcher.To("error").Message.Headers;
        Assert.Equal(16_384, headers["NServiceBus.ExceptionInfo.Message"].Length);
        Assert.Equal(32_768, headers["NServiceBus.ExceptionInfo.StackTrace"].Length);
        Assert.Equal(16_384, headers["NServiceBus.ExceptionInfo.Data.sql"].Length);
    }

    [Fact]
    public async Task The_headers_of_a_failure_can_be_customized_before_they_are_added()
    {
        await using var endpoint = await TestEndpoint.Start(configuration =>
        {
            NoRetries(configuration);
            configuration.Recoverability().Failed(failed => failed.HeaderCustomization(headers =>
            {
                Assert.DoesNotContain("Bank.Channel", headers.Keys);
                headers["NServiceBus.ExceptionInfo.Message"] = "(hidden)";
            }));
        });
        endpoint.Script.Do = Fail;
        await endpoint.Deliver(new Ping("x"), ("Bank.Channel", "atm"));

        Assert.Equal("(hidden)", endpoint.Dispatcher.To("error").Message.Headers["NServiceBus.ExceptionInfo.Message"]);
    }

    [Fact]
    public async Task The_customization_of_headers_sees_the_failure_before_a_delayed_retry_which_carries_none_of_them()
    {
        var seen = new List<string>();
        await using var endpoint = await TestEndpoint.Start(configuration =>
        {
            configuration.Recoverability().Immediate(immediate => immediate.NumberOfRetries(0)).Failed(failed => failed.HeaderCustomization(headers =>
            {
                seen.Add(headers["NServiceBus.ExceptionInfo.ExceptionType"]);
                headers["Bank.Customized"] = "yes";
            }));
        });
        endpoint.Script.Do = Fail;
        await endpoint.Deliver(new Ping("x"));

        Assert.Single(seen);
        var retry = endpoint.Dispatcher.To(TestEndpoint.Name).Message.Headers;
        Assert.Equal("1", retry["NServiceBus.Retries"]);
        Assert.DoesNotContain(retry.Keys, key => key == "Bank.Customized" || key.StartsWith("NServiceBus.ExceptionInfo.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unrecoverable_exception_and_those_derived_from_it_are_not_retried()
    {
        await using var endpoint = await TestEndpoint.Start(configuration => configuration.Recoverability().AddUnrecoverableException<ArgumentException>());
        endpoint.Script.Do = (_, _) => throw new ArgumentNullException("amount");

        Assert.Equal(1, await endpoint.Deliver(new Ping("x")));
        endpoint.Dispatcher.To("error");
    }

    [Fact]
    public async Task The_persistence_adds_its_unrecoverable_exceptions()
    {
        await using var endpoint = await TestEndpoint.Start(outbox: true);
        endpoint.Script.Do = (_, _) => throw new BadImageFormatException();

        Assert.Equal(1, await endpoint.Deliver(new Ping("x")));
        endpoint.Dispatcher.To("error");
    }

    [Fact]
    public async Task A_policy_of_the_endpoint_decides_instead_of_the_default()
    {
        await using var endpoint = await TestEndpoint.Start(configuration => configuration.Recoverability().CustomPolicy((config, error) =>
            error.Exception is TimeoutException
                ? RecoverabilityAction.Discard("too late to matter")
                : error.ImmediateProcessingFailures < 3 ? DefaultRecoverabilityPolicy.Invoke(config, error) : RecoverabilityAction.MoveToError("special")));
        endpoint.Script.Do = (_, _) => throw new TimeoutException();
        Assert.Equal(1, await endpoint.Deliver(new Ping("x")));
        Assert.Empty(endpoint.Dispatcher.Dispatched);

        endpoint.Script.Do = Fail;
        Assert.Equal(3, await endpoint.Deliver(new Ping("x")));
        endpoint.Dispatcher.To("special");
    }

    [Fact]
    public async Task A_message_stays_in_its_queue_while_the_error_queue_cannot_be_reached_and_comes_back_after_ever_longer_pauses()
    {
        await using var endpoint = await TestEndpoint.Start(NoRetries);
        endpoint.Script.Do = Fail;
        foreach (var pause in new[] { 0.5, 1, 2, 4, 8, 8 }.Select(TimeSpan.FromSeconds))
        {
            endpoint.Dispatcher.FailNext = new IOException("broker gone");
            var delivery = endpoint.DeliverOnce(new Ping("x"));
            endpoint.Clock.Advance(pause - TimeSpan.FromMilliseconds(1));
            Assert.False(delivery.IsCompleted);
            endpoint.Clock.Advance(TimeSpan.FromMilliseconds(1));
            Assert.False(await delivery.WaitAsync(TimeSpan.FromSeconds(20)));
        }

        Assert.Empty(endpoint.Dispatcher.Dispatched);
        Assert.True(await endpoint.DeliverOnce(new Ping("x"), attempt: 2));
        endpoint.Dispatcher.To("error");
    }

    [Fact]
    public async Task Who_stops_does_not_wait_for_the_error_queue()
    {
        var endpoint = await TestEndpoint.Start(NoRetries);
        endpoint.Script.Do = Fail;
        endpoint.Dispatcher.FailNext = new IOException("broker gone");
        var delivery = endpoint.DeliverOnce(new Ping("x"));
        Assert.False(delivery.IsCompleted);
        await endpoint.StopAsync();
        Assert.False(await delivery.WaitAsync(TimeSpan.FromSeconds(20)));
        await endpoint.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_that_a_failed_handler_sent_leaves_except_what_it_sent_immediately()
    {
        await using var endpoint = await TestEndpoint.Start(NoRetries);
        endpoint.Script.Do = async (_, context) =>
        {
            await context.Send("Batched", new Ping("y"));
            var now = new SendOptions();
            now.SetDestination("Immediate");
            now.RequireImmediateDispatch();
            await context.Send(new Ping("y"), now);
            throw new InvalidOperationException("after sending");
        };
        await endpoint.Deliver(new Ping("x"));

        Assert.Equal(["Immediate", "error"], endpoint.Dispatcher.Dispatched.Select(operation => ((Transport.UnicastDestination)operation.Destination).Address));
        Assert.Equal(Transport.DispatchConsistency.Isolated, endpoint.Dispatcher.To("Immediate").RequiredDispatchConsistency);
    }
}
