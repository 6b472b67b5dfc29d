using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Tests.Core;

public sealed class AuditTests
{
    private const string UniqueId = "ServiceControl.Retry.UniqueMessageId";
    private const string Queue = "ServiceControl.Retry.AcknowledgementQueue";

    private static void Audited(EndpointConfiguration configuration) => configuration.AuditProcessedMessagesTo("audit", TimeSpan.FromDays(7));

    [Fact]
    public async Task A_copy_of_a_message_with_very_long_headers_still_fits_into_a_frame()
    {
        await using var endpoint = await TestEndpoint.Start(configuration => configuration.AuditProcessedMessagesTo("audit"));
        await endpoint.Deliver(new Ping("x"), ("Heavy", new string('\u20ac', 43_000)), ("Light", "stays"));
        var headers = endpoint.Dispatcher.To("audit").Message.Headers;
        Assert.InRange(headers.Sum(header => System.Text.Encoding.UTF8.GetByteCount(header.Key + header.Value)), 120_000, 129_000);
        Assert.Equal("stays", headers["Light"]);
        Assert.Matches("^\u20ac{40000}", headers["Heavy"]);
        Assert.DoesNotContain('\ufffd', headers["Heavy"]);
    }

    [Fact]
    public async Task The_copy_of_a_handled_message_tells_when_and_where_it_was_handled()
    {
        await using var endpoint = await TestEndpoint.Start(Audited);
        endpoint.Script.Do = async (_, context) =>
        {
            endpoint.Clock.Advance(TimeSpan.FromSeconds(2));
            await context.Send("Other", new Ping("y"));
        };
        await endpoint.Deliver(new Ping("x"), (Headers.TimeSent, "2026-08-05 13:14:00:000000 Z"), ("Bank.Channel", "atm"));

        var copy = endpoint.Dispatcher.To("audit");
        Assert.Equal("message-1", copy.Message.MessageId);
        Assert.Equal("""{"Text":"x"}"""u8.ToArray(), copy.Message.Body.ToArray());
        Assert.Equal(TimeSpan.FromDays(7), copy.Properties.DiscardIfNotReceivedBefore);
        Assert.Equal(1, endpoint.Dispatcher.Calls);
        Assert.Equal(
            new Dictionary<string, string>(TestEndpoint.HeadersOf(new Ping("x")))
            {
                [Headers.TimeSent] = "2026-08-05 13:14:00:000000 Z",
                ["Bank.Channel"] = "atm",
                ["NServiceBus.ProcessingStarted"] = TestEndpoint.Now,
                ["NServiceBus.ProcessingEnded"] = "2026-08-05 13:14:45:123456 Z",
                ["NServiceBus.ProcessingEndpoint"] = TestEndpoint.Name,
                ["NServiceBus.ProcessingMachine"] = Environment.MachineName,
                ["$.diagnostics.hostid"] = "0a1b2c3d000040008000000000000001",
                ["$.diagnostics.hostdisplayname"] = "instance-a",
            },
            copy.Message.Headers);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    public async Task A_message_of_an_unknown_content_type_is_read_by_the_serializer_and_its_copy_says_so(string? contentType)
    {
        await using var endpoint = await TestEndpoint.Start(Audited);
        var headers = TestEndpoint.HeadersOf(new Ping("x"));
        if (contentType is null) headers.Remove(Headers.ContentType);
        else headers[Headers.ContentType] = contentType;
        await endpoint.Receiver.Deliver(headers, """{"Text":"x"}""");
        Assert.Equal("application/json", endpoint.Dispatcher.To("audit").Message.Headers[Headers.ContentType]);
        Assert.Single(endpoint.Script.Seen);
    }

    [Fact]
    public async Task Control_messages_are_audited_and_failed_ones_are_not()
    {
        await using var endpoint = await TestEndpoint.Start(Audited);
        await endpoint.Receiver.Deliver(TestEndpoint.HeadersOf(new Ping("x")), "");
        endpoint.Dispatcher.To("audit");
        endpoint.Dispatcher.Dispatched.Clear();

        endpoint.Script.Do = (_, _) => throw new InvalidOperationException();
        await endpoint.Deliver(new Ping("x"));
        Assert.DoesNotContain(endpoint.Dispatcher.Dispatched, operation => operation.Destination == new UnicastDestination("audit"));
    }

    [Fact]
    public async Task The_copy_is_part_of_the_outbox_record()
    {
        await using var endpoint = await TestEndpoint.Start(Audited, outbox: true);
        endpoint.Dispatcher.FailNext = new IOException("broker gone");
        await endpoint.DeliverOnce(new Ping("x"));
        var stored = Assert.Single(endpoint.Store.Records["message-1"].Operations);
        Assert.Equal(("audit", "7.00:00:00"), (stored.Options["Destination"], stored.Options["TimeToBeReceived"]));

        await endpoint.DeliverOnce(new Ping("x"), attempt: 2);
        Assert.Equal(stored.Headers, endpoint.Dispatcher.To("audit").Message.Headers);
    }

    [Fact]
    public async Task A_retry_that_succeeds_is_acknowledged_after_everything_else_was_sent()
    {
        await using var endpoint = await TestEndpoint.Start(Audited);
        endpoint.Script.Do = (_, context) => context.Send("Other", new Ping("y"));
        await endpoint.Deliver(new Ping("x"), (UniqueId, "unique-1"), (Queue, "Particular.ServiceControl"));

        Assert.Equal("true", endpoint.Dispatcher.To("audit").Message.Headers["ServiceControl.Retry.AcknowledgementSent"]);
        var acknowledgement = endpoint.Dispatcher.To("Particular.ServiceControl");
        Assert.Same(acknowledgement, endpoint.Dispatcher.Dispatched.Last());
        Assert.Equal(0, acknowledgement.Message.Body.Length);
        Assert.NotEqual("message-1", acknowledgement.Message.MessageId);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["ServiceControl.Retry.Successful"] = TestEndpoint.Now,
                [UniqueId] = "unique-1",
                ["NServiceBus.ControlMessage"] = "True",
                ["NServiceBus.Version"] = "10.2.8",
                ["NServiceBus.TimeSent"] = TestEndpoint.Now,
            },
            acknowledgement.Message.Headers);
    }

    [Theory]
    [InlineData(UniqueId, "Bank.Other")]
    [InlineData("Bank.Other", Queue)]
    public async Task Only_both_headers_together_ask_for_an_acknowledgement(string first, string second)
    {
        await using var endpoint = await TestEndpoint.Start();
        await endpoint.Deliver(new Ping("x"), (first, "a"), (second, "b"));

        Assert.Empty(endpoint.Dispatcher.Dispatched);
    }

    [Fact]
    public async Task A_retry_that_fails_again_is_not_acknowledged_and_keeps_its_headers()
    {
        await using var endpoint = await TestEndpoint.Start(configuration => configuration.Recoverability().AddUnrecoverableException<InvalidOperationException>());
        endpoint.Script.Do = (_, _) => throw new InvalidOperationException();
        await endpoint.Deliver(new Ping("x"), (UniqueId, "unique-1"), (Queue, "Particular.ServiceControl"));

        Assert.Equal("unique-1", Assert.Single(endpoint.Dispatcher.Dispatched).Message.Headers[UniqueId]);
        endpoint.Dispatcher.To("error");
    }

    [Fact]
    public async Task The_acknowledgement_is_not_in_the_outbox_and_a_duplicate_is_acknowledged_again()
    {
        await using var endpoint = await TestEndpoint.Start(outbox: true);
        for (var delivery = 0; delivery < 2; delivery++)
        {
            endpoint.Dispatcher.Dispatched.Clear();
            await endpoint.Deliver(new Ping("x"), (UniqueId, "unique-1"), (Queue, "Particular.ServiceControl"));
            endpoint.Dispatcher.To("Particular.ServiceControl");
        }

        Assert.Single(endpoint.Script.Seen);
    }
}
