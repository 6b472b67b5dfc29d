using System.Collections.Concurrent;
using Bank.ServiceBus.Tests.Core;
using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.ServicePlatform.Tests;

public sealed class MetricsTests
{
    private const string Monitoring = "Particular.Monitoring";
    private const string Metadata = "NServiceBus.Metrics.EndpointMetadataReport";

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly string PingTypes = typeof(Ping).AssemblyQualifiedName!;
    private static readonly long Start = new DateTime(2026, 8, 5, 13, 14, 43, DateTimeKind.Utc).AddTicks(1234560).Ticks;

    [Fact]
    public async Task An_endpoint_says_again_and_again_which_queue_it_reads()
    {
        await using var endpoint = await Run();
        await Eventually.Holds(() => endpoint.Dispatcher.OfType(Metadata).Length == 1, "metadata");
        var report = endpoint.Dispatcher.Single();
        Assert.Equal(Monitoring, report.Destination());
        Assert.Equal(new(HeadersWith("application/json")) { ["NServiceBus.EnclosedMessageTypes"] = Metadata }, report.Message.Headers);
        Assert.Equal("""{"PluginVersion":3,"LocalAddress":"Test.Endpoint"}""", report.Text());
        Assert.Equal(TimeSpan.FromDays(7), report.Properties.DiscardIfNotReceivedBefore);
        await Eventually.Holds(() => endpoint.Dispatcher.OfType(Metadata).Length >= 2, "metadata again", () => endpoint.Clock.Advance(Interval));
    }

    [Fact]
    public async Task Handled_messages_are_reported_with_processing_and_critical_time()
    {
        await using var endpoint = await Run();
        endpoint.Script.Do = (_, _) =>
        {
            endpoint.Clock.Advance(TimeSpan.FromMilliseconds(250.9));
            return Task.CompletedTask;
        };
        await endpoint.Deliver(new Ping("a"), ("NServiceBus.TimeSent", "2026-08-05 13:14:42:123456 Z"));
        await endpoint.Deliver(new Ping("b"), ("NServiceBus.TimeSent", "2026-08-05 13:14:00:000000 Z"), ("NServiceBus.DeliverAt", "2026-08-05 13:14:43:123456 Z"));
        await endpoint.Deliver(new Ping("c"));
        await endpoint.Deliver(new Ping("d"), ("NServiceBus.TimeSent", "2027-01-01 00:00:00:000000 Z"));

        var processing = await Report(endpoint, "ProcessingTime");
        Assert.Equal([(Done(1), 250, PingTypes), (Done(2), 250, PingTypes), (Done(3), 250, PingTypes), (Done(4), 250, PingTypes)], RawReport.Read(processing.Message.Body.ToArray()));
        var critical = await Report(endpoint, "CriticalTime");
        Assert.Equal([(Done(1), 1250, PingTypes), (Done(2), 501, PingTypes), (Done(4), 0, PingTypes)], RawReport.Read(critical.Message.Body.ToArray()));
        Assert.Empty(endpoint.Dispatcher.WithHeader("NServiceBus.Metric.Type", "Retries"));
        Assert.Equal(Monitoring, processing.Destination());
        Assert.Equal(new(HeadersWith("TaggedLongValueWriterOccurrence")) { ["NServiceBus.Metric.Type"] = "ProcessingTime" }, processing.Message.Headers);
        Assert.Equal(TimeSpan.FromDays(7), processing.Properties.DiscardIfNotReceivedBefore);

        static long Done(int messages) => Start + messages * TimeSpan.FromMilliseconds(250.9).Ticks;
    }

    [Fact]
    public async Task Each_retry_is_reported_and_failures_are_not_throughput()
    {
        await using var endpoint = await Run(configure: configuration =>
            configuration.Recoverability().Immediate(retries => retries.NumberOfRetries(2)).Delayed(retries => retries.NumberOfRetries(1)));
        endpoint.Script.Do = (_, _) => throw new InvalidOperationException("always");
        await endpoint.Deliver(new Ping("a"));

        var retries = await Report(endpoint, "Retries");
        Assert.Equal([(Start, 1, PingTypes), (Start, 1, PingTypes), (Start, 1, PingTypes)], RawReport.Read(retries.Message.Body.ToArray()));
        Assert.Empty(endpoint.Dispatcher.WithHeader("NServiceBus.Metric.Type", "ProcessingTime"));
        Assert.Empty(endpoint.Dispatcher.WithHeader("NServiceBus.Metric.Type", "CriticalTime"));
    }

    [Fact]
    public async Task Many_messages_are_reported_before_the_interval_has_passed()
    {
        await using var endpoint = await Run();
        for (var message = 0; message < 2048; message++) await endpoint.DeliverOnce(new Ping("x"));
        await Eventually.Holds(() => endpoint.Dispatcher.WithHeader("NServiceBus.Metric.Type", "ProcessingTime").Length > 0, "report without any time passing");
        Assert.Equal(2048, RawReport.Read(endpoint.Dispatcher.WithHeader("NServiceBus.Metric.Type", "ProcessingTime")[0].Message.Body.ToArray()).Length);
    }

    [Fact]
    public async Task What_was_measured_last_is_reported_when_the_endpoint_stops()
    {
        await using var endpoint = await Run();
        await endpoint.Deliver(new Ping("x"));
        await endpoint.StopAsync();
        var report = Assert.Single(endpoint.Dispatcher.WithHeader("NServiceBus.Metric.Type", "ProcessingTime"));
        Assert.Equal([(Start, 0, PingTypes)], RawReport.Read(report.Message.Body.ToArray()));
    }

    [Fact]
    public async Task An_instance_may_have_a_name_of_its_own_which_its_messages_tell()
    {
        await using var endpoint = await Run("accounts-1");
        await Eventually.Holds(() => endpoint.Dispatcher.OfType(Metadata).Length == 1, "metadata");
        Assert.Equal("accounts-1", endpoint.Dispatcher.Single().Message.Headers["NServiceBus.Metric.InstanceId"]);
        endpoint.Script.Do = (_, context) => context.Send("Other", new Ping("y"));
        await endpoint.Deliver(new Ping("x"));
        Assert.Equal("accounts-1", endpoint.Dispatcher.To("Other").Message.Headers["NServiceBus.Metric.InstanceId"]);
        Assert.Equal("accounts-1", (await Report(endpoint, "ProcessingTime")).Message.Headers["NServiceBus.Metric.InstanceId"]);
    }

    [Fact]
    public async Task The_lifetime_of_reports_can_be_chosen()
    {
        await using var endpoint = await TestEndpoint.Start(configuration =>
        {
            var metrics = configuration.EnableMetrics();
            metrics.SetServiceControlMetricsMessageTTBR(TimeSpan.FromHours(2));
            metrics.SendMetricDataToServiceControl(Monitoring, Interval);
        });
        await endpoint.Deliver(new Ping("x"));
        Assert.Equal(TimeSpan.FromHours(2), (await Report(endpoint, "ProcessingTime")).Properties.DiscardIfNotReceivedBefore);
    }

    [Fact]
    public async Task A_report_that_cannot_be_sent_disturbs_nothing()
    {
        await using var endpoint = TestEndpoint.Build(configuration => configuration.EnableMetrics().SendMetricDataToServiceControl(Monitoring, Interval));
        endpoint.Dispatcher.FailNext = new IOException("The queue is missing.");
        await endpoint.StartAsync();
        await Eventually.Holds(() => endpoint.Dispatcher.FailNext is null, "failed metadata");
        Assert.Equal(1, await endpoint.Deliver(new Ping("x")));
        await Eventually.Holds(() => endpoint.Dispatcher.OfType(Metadata).Length > 0, "metadata", () => endpoint.Clock.Advance(Interval));
    }

    [Fact]
    public async Task Metrics_without_a_monitoring_instance_go_to_observers_only()
    {
        var seen = new ConcurrentQueue<string>();
        await using var endpoint = await TestEndpoint.Start(configuration =>
        {
            configuration.Recoverability().Immediate(retries => retries.NumberOfRetries(1)).Delayed(retries => retries.NumberOfRetries(0));
            configuration.EnableMetrics().RegisterObservers(context =>
            {
                foreach (var probe in context.Durations) probe.Register((ref DurationEvent e) => seen.Enqueue($"{probe.Name} {e.Duration.TotalMilliseconds} {e.MessageType == PingTypes}"));
                foreach (var probe in context.Signals) probe.Register((ref SignalEvent e) => seen.Enqueue($"{probe.Name} {e.MessageType == PingTypes}"));
            });
        });
        var attempts = 0;
        endpoint.Script.Do = (_, _) =>
        {
            endpoint.Clock.Advance(TimeSpan.FromMilliseconds(10));
            return attempts++ == 0 ? throw new InvalidOperationException() : Task.CompletedTask;
        };
        await endpoint.Deliver(new Ping("x"), ("NServiceBus.TimeSent", TestEndpoint.Now));
        Assert.Equal(
            [
                "# of msgs pulled from the input queue /sec True", "# of msgs failures / sec True", "Retries True",
                "# of msgs pulled from the input queue /sec True", "Processing Time 10 True", "# of msgs successfully processed / sec True", "Critical Time 20 True",
            ],
            seen);
        Assert.Empty(endpoint.Dispatcher.Dispatched);
    }

    [Fact]
    public async Task Who_only_sends_cannot_have_metrics()
    {
        await using var endpoint = TestEndpoint.Build(configuration =>
        {
            configuration.SendOnly();
            configuration.EnableMetrics().SendMetricDataToServiceControl(Monitoring, Interval);
        });
        var error = await Assert.ThrowsAsync<InvalidOperationException>(endpoint.StartAsync);
        Assert.StartsWith("EnableMetrics: the endpoint 'Test.Endpoint' only sends", error.Message);
    }

    private static Task<TestEndpoint> Run(string? instanceId = null, Action<EndpointConfiguration>? configure = null) => TestEndpoint.Start(configuration =>
    {
        configuration.EnableMetrics().SendMetricDataToServiceControl(Monitoring, Interval, instanceId);
        configure?.Invoke(configuration);
    });

    private static async Task<TransportOperation> Report(TestEndpoint endpoint, string metric)
    {
        await Eventually.Holds(() => endpoint.Dispatcher.WithHeader("NServiceBus.Metric.Type", metric).Length > 0, metric, () => endpoint.Clock.Advance(Interval));
        return Assert.Single(endpoint.Dispatcher.WithHeader("NServiceBus.Metric.Type", metric));
    }

    private static Dictionary<string, string> HeadersWith(string contentType) => new()
    {
        ["NServiceBus.OriginatingEndpoint"] = TestEndpoint.Name,
        ["NServiceBus.OriginatingMachine"] = Environment.MachineName,
        ["$.diagnostics.originating.hostid"] = "0a1b2c3d000040008000000000000001",
        ["$.diagnostics.hostdisplayname"] = "instance-a",
        ["NServiceBus.ContentType"] = contentType,
    };
}
