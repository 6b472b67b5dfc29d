using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Bank.ServiceBus.Tests.Core;

/// <summary>While somebody listens, every message of the process carries trace headers; so no other test may run meanwhile.</summary>
[CollectionDefinition(nameof(DiagnosticsTests), DisableParallelization = true)]
[Collection(nameof(DiagnosticsTests))]
public sealed class DiagnosticsTests
{
    [Fact]
    public async Task Sending_while_handling_continues_the_trace_of_the_message()
    {
        using var activities = new Recorded();
        await using var endpoint = await TestEndpoint.Start();
        endpoint.Script.Do = async (_, context) =>
        {
            await context.Send("Other", new Ping("y"));
            await context.Publish(new Pinged("z"));
        };
        var trace = ActivityTraceId.CreateRandom().ToString();
        await endpoint.Deliver(new Ping("x"), ("traceparent", $"00-{trace}-b7ad6b7169203331-01"), ("baggage", "teller=m%C3%BCller, branch=12"));

        var receive = activities.Single(trace, "NServiceBus.Diagnostics.ReceiveMessage");
        var handler = activities.Single(trace, "NServiceBus.Diagnostics.InvokeHandler");
        var send = activities.Single(trace, "NServiceBus.Diagnostics.SendMessage");
        var publish = activities.Single(trace, "NServiceBus.Diagnostics.PublishMessage");
        Assert.Equal(("process message", ActivityKind.Consumer, "b7ad6b7169203331"), (receive.DisplayName, receive.Kind, receive.ParentSpanId.ToString()));
        Assert.Equal((receive.SpanId, ActivityKind.Internal), (handler.ParentSpanId, handler.Kind));
        Assert.Equal(("send message", handler.SpanId, ActivityKind.Producer), (send.DisplayName, send.ParentSpanId, send.Kind));
        Assert.Equal(("publish event", handler.SpanId), (publish.DisplayName, publish.ParentSpanId));
        Assert.Equal("message-1", receive.GetTagItem("nservicebus.message_id"));
        Assert.Equal("native-1", receive.GetTagItem("nservicebus.native_message_id"));
        Assert.Equal(send.Id, endpoint.Dispatcher.To("Other").Message.Headers["traceparent"]);
        var baggage = endpoint.Dispatcher.To("Other").Message.Headers["baggage"].Split(',').Order();
        Assert.Equal(["branch=12", "teller=m%C3%BCller"], baggage);
    }

    [Fact]
    public async Task A_message_that_asks_for_it_starts_a_new_trace_linked_to_its_own_even_within_another_activity()
    {
        using var activities = new Recorded();
        await using var endpoint = await TestEndpoint.Start();
        var trace = ActivityTraceId.CreateRandom().ToString();
        using var surrounding = new Activity("surrounding").Start();
        await endpoint.Deliver(new Ping("x"), ("traceparent", $"00-{trace}-b7ad6b7169203331-01"), ("NServiceBus.OpenTelemetry.StartNewTrace", "True"));

        var receive = activities.LinkedTo(trace);
        Assert.Equal(default, receive.ParentSpanId);
        Assert.NotEqual(surrounding.TraceId, receive.TraceId);
        Assert.NotEqual(trace, receive.TraceId.ToString());
    }

    [Fact]
    public async Task Within_an_activity_of_the_transport_a_message_is_its_child_and_linked_to_its_sender()
    {
        using var activities = new Recorded();
        await using var endpoint = await TestEndpoint.Start();
        using var ofTransport = new Activity("transport").Start();
        Activity.Current = null;
        endpoint.Receiver.Tell = bag => bag.Set(ofTransport);
        var trace = ActivityTraceId.CreateRandom().ToString();
        await endpoint.Deliver(new Ping("x"), ("traceparent", $"00-{trace}-b7ad6b7169203331-01"));
        var receive = activities.LinkedTo(trace);
        Assert.Equal((ofTransport.SpanId, ofTransport.TraceId), (receive.ParentSpanId, receive.TraceId));
        Assert.Equal("b7ad6b7169203331", Assert.Single(receive.Links).Context.SpanId.ToString());
    }

    [Fact]
    public async Task The_state_of_a_trace_and_the_request_for_a_new_one_travel_with_what_is_delayed_retried_or_moved_and_a_copy_has_the_trace_of_its_handling()
    {
        using var activities = new Recorded();
        await using var endpoint = await TestEndpoint.Start(configuration =>
        {
            configuration.AuditProcessedMessagesTo("audit");
            configuration.Recoverability().Immediate(immediate => immediate.NumberOfRetries(0));
        });
        endpoint.Script.Do = (_, context) =>
        {
            var later = new SendOptions();
            later.SetDestination("Other");
            later.DelayDeliveryWith(TimeSpan.FromMinutes(1));
            return context.Send(new Ping("y"), later);
        };
        var trace = ActivityTraceId.CreateRandom().ToString();
        var traceParent = $"00-{trace}-b7ad6b7169203331-01";
        await endpoint.Deliver(new Ping("x"), ("traceparent", traceParent), ("tracestate", "vendor=1"), ("NServiceBus.OpenTelemetry.StartNewTrace", "False"));
        var (delayed, copy) = (endpoint.Dispatcher.To("Other").Message.Headers, endpoint.Dispatcher.To("audit").Message.Headers);
        Assert.Equal(("True", "vendor=1"), (delayed["NServiceBus.OpenTelemetry.StartNewTrace"], delayed["tracestate"]));
        Assert.Equal(activities.Single(trace, "NServiceBus.Diagnostics.ReceiveMessage").Id, copy["traceparent"]);

        endpoint.Script.Do = (_, _) => throw new TimeoutException();
        await endpoint.Deliver(new Ping("x"), ("traceparent", traceParent), ("NServiceBus.OpenTelemetry.StartNewTrace", "False"));
        var retried = endpoint.Dispatcher.To(TestEndpoint.Name).Message.Headers;
        Assert.Equal((traceParent, "True"), (retried["traceparent"], retried["NServiceBus.OpenTelemetry.StartNewTrace"]));
    }

    [Fact]
    public async Task A_subscription_and_its_end_are_activities_and_so_is_a_reply()
    {
        using var activities = new Recorded();
        await using var endpoint = await TestEndpoint.Start();
        using var surrounding = new Activity("surrounding").Start();
        await endpoint.Session.Subscribe<Pinged>();
        await endpoint.Session.Unsubscribe(typeof(Pinged), new UnsubscribeOptions());
        var trace = surrounding.TraceId.ToString();
        foreach (var (name, display) in new[] { ("Subscribe", "subscribe event"), ("Unsubscribe", "unsubscribe event") })
        {
            var activity = activities.Single(trace, "NServiceBus.Diagnostics." + name);
            Assert.Equal((display, ActivityKind.Producer, typeof(Pinged).FullName), (activity.DisplayName, activity.Kind, activity.GetTagItem("nservicebus.event_types")));
        }

        endpoint.Script.Do = (_, context) => context.Reply(new Pong("back"));
        var another = ActivityTraceId.CreateRandom().ToString();
        await endpoint.Deliver(new Ping("x"), (Headers.ReplyToAddress, "Asker"), ("traceparent", $"00-{another}-b7ad6b7169203331-01"));
        Assert.Equal("reply", activities.Single(another, "NServiceBus.Diagnostics.SendMessage").DisplayName);
        Assert.Equal(("NServiceBus.Core", "0.1.0"), (activities.Single(another, "NServiceBus.Diagnostics.SendMessage").Source.Name, activities.Single(another, "NServiceBus.Diagnostics.SendMessage").Source.Version));
    }

    [Fact]
    public async Task A_failure_marks_the_activities_with_its_exception()
    {
        using var activities = new Recorded();
        await using var endpoint = await TestEndpoint.Start(configuration => configuration.Recoverability().AddUnrecoverableException<TimeoutException>());
        endpoint.Script.Do = (_, _) => throw new TimeoutException("too slow");
        var trace = ActivityTraceId.CreateRandom().ToString();
        await endpoint.Deliver(new Ping("x"), ("traceparent", $"00-{trace}-b7ad6b7169203331-01"));

        foreach (var activity in new[] { activities.Single(trace, "NServiceBus.Diagnostics.ReceiveMessage"), activities.Single(trace, "NServiceBus.Diagnostics.InvokeHandler") })
        {
            Assert.Equal((ActivityStatusCode.Error, "too slow"), (activity.Status, activity.StatusDescription));
            Assert.Equal("ERROR", activity.GetTagItem("otel.status_code"));
            Assert.Contains(activity.Events, happened => happened.Name == "exception" && happened.Tags.Contains(new("exception.escaped", true)));
        }
    }

    [Fact]
    public async Task A_handler_that_was_cancelled_is_told_from_one_that_failed()
    {
        using var activities = new Recorded();
        await using var endpoint = await TestEndpoint.Start();
        using var stop = new CancellationTokenSource();
        endpoint.Script.Do = async (_, context) =>
        {
            await stop.CancelAsync();
            context.CancellationToken.ThrowIfCancellationRequested();
        };
        var trace = ActivityTraceId.CreateRandom().ToString();
        await endpoint.Receiver.DeliverOnce(TestEndpoint.HeadersOf(new Ping("x"), ("traceparent", $"00-{trace}-b7ad6b7169203331-01")), """{"Text":"x"}""", cancellationToken: stop.Token);
        Assert.Equal(true, activities.Single(trace, "NServiceBus.Diagnostics.ReceiveMessage").GetTagItem("nservicebus.cancelled"));
        Assert.Equal(true, activities.Single(trace, "NServiceBus.Diagnostics.InvokeHandler").GetTagItem("nservicebus.cancelled"));
    }

    [Theory]
    [InlineData("NServiceBus.PreviousConversationId", "nservicebus.previous_conversation_id")]
    [InlineData("NServiceBus.RelatedTo", "nservicebus.related_to")]
    [InlineData("NServiceBus.CorrelationId", "nservicebus.correlation_id")]
    [InlineData("NServiceBus.TimeToBeReceived", "nservicebus.time_to_be_received")]
    [InlineData("NServiceBus.IsDeferredMessage", "nservicebus.is_deferred")]
    [InlineData("NServiceBus.NonDurableMessage", "nservicebus.non_durable")]
    [InlineData("NServiceBus.OriginatingAddress", "nservicebus.originating_address")]
    [InlineData("NServiceBus.ProcessingEndpoint", "nservicebus.processing_endpoint")]
    [InlineData("NServiceBus.ProcessingMachine", "nservicebus.processing_machine")]
    [InlineData("$.diagnostics.hostdisplayname", "nservicebus.host.display_name")]
    [InlineData("$.diagnostics.hostid", "nservicebus.host.host_id")]
    [InlineData("$.diagnostics.license.expired", "nservicebus.has_license_expired")]
    [InlineData("$.diagnostics.originating.hostid", "nservicebus.originating_host_id")]
    [InlineData("NServiceBus.DataBusConfig.ContentType", "nservicebus.databus.content_type")]
    public async Task A_header_of_a_received_message_is_a_tag_of_its_activity(string header, string tag)
    {
        using var activities = new Recorded();
        await using var endpoint = await TestEndpoint.Start();
        var trace = ActivityTraceId.CreateRandom().ToString();
        await endpoint.Deliver(new Ping("x"), ("traceparent", $"00-{trace}-b7ad6b7169203331-01"), (header, "value"));

        Assert.Equal("value", activities.Single(trace, "NServiceBus.Diagnostics.ReceiveMessage").GetTagItem(tag));
    }

    [Fact]
    public async Task The_activity_of_a_message_tells_what_it_sent_and_that_the_outbox_knew_it()
    {
        using var activities = new Recorded();
        await using var endpoint = await TestEndpoint.Start(outbox: true);
        endpoint.Script.Do = (_, context) => context.Send("Other", new Ping("y"));
        string[] traces = [.. Enumerable.Range(0, 2).Select(_ => ActivityTraceId.CreateRandom().ToString())];
        foreach (var trace in traces) await endpoint.Deliver(new Ping("x"), ("traceparent", $"00-{trace}-b7ad6b7169203331-01"));

        var (first, again) = (activities.Single(traces[0], "NServiceBus.Diagnostics.ReceiveMessage"), activities.Single(traces[1], "NServiceBus.Diagnostics.ReceiveMessage"));
        Assert.Equal(["Start dispatching", "Finished dispatching"], first.Events.Select(happened => happened.Name));
        Assert.Equal([new KeyValuePair<string, object?>("message-count", 1)], first.Events.First().Tags);
        Assert.Null(first.GetTagItem("nservicebus.outbox.deduplicate-message"));
        Assert.Empty(again.Events);
        Assert.Equal("message-1", again.GetTagItem("nservicebus.outbox.deduplicate-message"));
    }

    [Fact]
    public async Task Each_measurement_tells_the_queue_the_instance_the_message_and_its_handlers()
    {
        var tags = new ConcurrentQueue<(string Instrument, Dictionary<string, object?> Tags)>();
        await using var endpoint = await TestEndpoint.Start(configuration =>
        {
            configuration.MakeInstanceUniquelyAddressable("left");
            configuration.AddHandler<AlsoHandling<Ping>>();
            configuration.Recoverability().AddUnrecoverableException<TimeoutException>();
        });
        var factory = (IMeterFactory)endpoint.Services.GetService(typeof(IMeterFactory))!;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Scope == factory) self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, given, _) => tags.Enqueue((instrument.Name, new(given.ToArray()))));
        listener.SetMeasurementEventCallback<double>((instrument, _, given, _) => tags.Enqueue((instrument.Name, new(given.ToArray()))));
        listener.Start();
        await endpoint.Deliver(new Ping("x"));
        endpoint.Script.Do = (_, _) => throw new TimeoutException();
        await endpoint.Deliver(new Ping("y"));

        Assert.All(tags, one => Assert.Equal(
            (TestEndpoint.Name, "left", typeof(Ping).FullName),
            (one.Tags["nservicebus.queue"], one.Tags["nservicebus.discriminator"], one.Tags["nservicebus.message_type"])));
        Dictionary<string, object?> TagsOf(string instrument) => Assert.Single(tags, one => one.Instrument == "nservicebus." + instrument).Tags;
        var both = $"{typeof(Handling<Ping>).FullName};{typeof(AlsoHandling<Ping>).FullName}";
        Assert.Equal((both, "success"), (TagsOf("messaging.successes")["nservicebus.message_handler_types"], TagsOf("messaging.successes")["execution.result"]));
        var failure = TagsOf("messaging.failures");
        Assert.Equal(
            (both, "failure", typeof(TimeoutException).FullName),
            (failure["nservicebus.message_handler_types"], failure["execution.result"], failure["error.type"]));
        Assert.Equal(
            [(typeof(Handling<Ping>).FullName, "success", null), (typeof(AlsoHandling<Ping>).FullName, "success", null), (typeof(Handling<Ping>).FullName, "failure", typeof(TimeoutException).FullName)],
            tags.Where(one => one.Instrument == "nservicebus.messaging.handler_time")
                .Select(one => ((string?)one.Tags["nservicebus.message_handler_type"], (string?)one.Tags["execution.result"], (string?)one.Tags.GetValueOrDefault("error.type"))));
        Assert.Equal(TagsOf("messaging.successes"), TagsOf("messaging.processing_time"));
        Assert.Equal(typeof(TimeoutException).FullName, TagsOf("recoverability.error")["error.type"]);
        Assert.Equal(typeof(Handling<Ping>).FullName, TagsOf("recoverability.error")["nservicebus.message_handler_type"]);
    }

    [Fact]
    public async Task The_meter_has_the_instruments_of_the_wire_format()
    {
        await using var endpoint = await TestEndpoint.Start();
        var factory = (IMeterFactory)endpoint.Services.GetService(typeof(IMeterFactory))!;
        var names = new SortedSet<string>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Scope != factory) return;
                Assert.Equal(("NServiceBus.Core.Pipeline.Incoming", "0.2.0"), (instrument.Meter.Name, instrument.Meter.Version));
                names.Add($"{instrument.Name} {instrument.GetType().Name} {instrument.Unit}".TrimEnd());
            },
        };
        listener.Start();
        Assert.Equal(
            [
                "nservicebus.envelope.unwrapped Counter`1",
                "nservicebus.messaging.critical_time Histogram`1 s",
                "nservicebus.messaging.failures Counter`1",
                "nservicebus.messaging.fetches Counter`1",
                "nservicebus.messaging.handler_time Histogram`1 s",
                "nservicebus.messaging.processing_time Histogram`1 s",
                "nservicebus.messaging.successes Counter`1",
                "nservicebus.recoverability.delayed Counter`1",
                "nservicebus.recoverability.error Counter`1",
                "nservicebus.recoverability.immediate Counter`1",
            ],
            names);
    }

    [Fact]
    public async Task Messages_are_counted_and_timed_even_when_the_time_of_sending_is_unreadable()
    {
        var measured = new ConcurrentQueue<(string Instrument, double Value)>();
        await using var endpoint = await TestEndpoint.Start(configuration =>
        {
            configuration.AddHandler<Handling<Pong>>();
            configuration.Recoverability().Immediate(immediate => immediate.NumberOfRetries(1));
            configuration.Recoverability().Delayed(delayed => delayed.NumberOfRetries(0));
        });
        var factory = (IMeterFactory)endpoint.Services.GetService(typeof(IMeterFactory))!;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "NServiceBus.Core.Pipeline.Incoming" && instrument.Meter.Scope == factory) self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => measured.Enqueue((instrument.Name, value)));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => measured.Enqueue((instrument.Name, value)));
        listener.Start();

        await endpoint.Deliver(new Ping("x"), (Headers.TimeSent, "2026-08-05 13:14:33:123456 Z"));
        Assert.Equal(1, await endpoint.Deliver(new Ping("y"), (Headers.TimeSent, "yesterday")));
        endpoint.Script.Do = (_, _) => throw new InvalidOperationException();
        await endpoint.Deliver(new Pong("z"));

        double Sum(string instrument) => measured.Where(one => one.Instrument == instrument).Sum(one => one.Value);
        Assert.Equal(4, Sum("nservicebus.messaging.fetches"));
        Assert.Equal(2, Sum("nservicebus.messaging.successes"));
        Assert.Equal(2, Sum("nservicebus.messaging.failures"));
        Assert.Equal(1, Sum("nservicebus.recoverability.immediate"));
        Assert.Equal(1, Sum("nservicebus.recoverability.error"));
        Assert.Equal(4, measured.Count(one => one.Instrument == "nservicebus.messaging.handler_time"));
        Assert.Equal(10, Assert.Single(measured, one => one.Instrument == "nservicebus.messaging.critical_time").Value);
    }

    private sealed class Recorded : IDisposable
    {
        private readonly ConcurrentQueue<Activity> stopped = new();
        private readonly ActivityListener listener;

        public Recorded()
        {
            listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == "NServiceBus.Core",
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = stopped.Enqueue,
            };
            ActivitySource.AddActivityListener(listener);
        }

        public Activity Single(string trace, string name) =>
            Assert.Single(stopped, activity => activity.TraceId.ToString() == trace && activity.OperationName == name);

        public Activity LinkedTo(string trace) => Assert.Single(stopped, activity => activity.Links.Any(link => link.Context.TraceId.ToString() == trace));

        public void Dispose() => listener.Dispose();
    }
}
