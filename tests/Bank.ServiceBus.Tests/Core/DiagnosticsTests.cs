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
            Assert.Contains(activity.Events, happened => happened.Name == "exception");
        }
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
