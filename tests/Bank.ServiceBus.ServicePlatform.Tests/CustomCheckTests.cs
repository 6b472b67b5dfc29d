using System.Collections.Concurrent;
using System.Text.Json;
using Bank.ServiceBus.CustomChecks;
using Bank.ServiceBus.Tests.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Bank.ServiceBus.ServicePlatform.Tests;

public sealed class CustomCheckTests
{
    private const string Result = "ServiceControl.Plugin.CustomChecks.Messages.ReportCustomCheckResult";

    private readonly Weather weather = new();

    [Fact]
    public async Task A_check_that_failed_is_reported_with_its_reason()
    {
        weather.Outcomes.Enqueue(() => CheckResult.Failed("It rains: \"bring\" an umbrella."));
        await using var endpoint = await Start<OneTimeCheck>();
        await Eventually.Holds(() => endpoint.Dispatcher.OfType(Result).Length > 0, "report");

        var message = endpoint.Dispatcher.Single();
        Assert.Equal(Reports.Queue, message.Destination());
        Assert.Equal(Reports.HeadersFor(Result), message.Message.Headers);
        Assert.Null(message.Properties.DiscardIfNotReceivedBefore);
        Assert.Equal(
            """{"HostId":"0a1b2c3d-0000-4000-8000-000000000001","CustomCheckId":"Sky","Category":"Weather","HasFailed":true,"FailureReason":"""
            + """ "It rains: \u0022bring\u0022 an umbrella.","ReportedAt":"2026-08-05T13:14:43.123456Z","EndpointName":"Test.Endpoint","Host":"instance-a"}""".TrimStart(),
            message.Text());
    }

    [Fact]
    public async Task A_check_that_passed_is_reported_without_a_reason()
    {
        await using var endpoint = await Start<OneTimeCheck>();
        await Eventually.Holds(() => endpoint.Dispatcher.OfType(Result).Length > 0, "report");
        Assert.Contains(""","HasFailed":false,"FailureReason":null,""", endpoint.Dispatcher.Single().Text());
    }

    [Fact]
    public async Task A_check_with_an_interval_is_repeated_that_long_after_each_run()
    {
        await using var endpoint = await Start<RepeatedCheck>();
        await Eventually.Holds(() => endpoint.Dispatcher.OfType(Result).Length == 1, "first report");
        Assert.Equal(TimeSpan.FromMinutes(2), endpoint.Dispatcher.Single().Properties.DiscardIfNotReceivedBefore);

        weather.Outcomes.Enqueue(() => CheckResult.Failed("storm"));
        await Eventually.Holds(
            () => endpoint.Dispatcher.OfType(Result).Length >= 2, "second report", () => endpoint.Clock.Advance(TimeSpan.FromSeconds(10)));
        var second = JsonDocument.Parse(endpoint.Dispatcher.OfType(Result)[1].Text()).RootElement;
        Assert.Equal("storm", second.GetProperty("FailureReason").GetString());
        Assert.True(second.GetProperty("ReportedAt").GetDateTime() >= new DateTime(2026, 8, 5, 13, 15, 13, DateTimeKind.Utc));
        Assert.Equal(1, weather.Made);
    }

    [Fact]
    public async Task The_lifetime_of_repeated_reports_can_be_chosen_and_that_of_others_has_no_end()
    {
        await using var endpoint = await Start<RepeatedCheck>(TimeSpan.FromHours(1), configuration => configuration.AddCustomCheck<OneTimeCheck>());
        await Eventually.Holds(() => endpoint.Dispatcher.OfType(Result).Length == 2, "two reports");
        Assert.Equal(
            [("Sky", null), ("Sky again", TimeSpan.FromHours(1))],
            endpoint.Dispatcher.Dispatched
                .Select(message => (JsonDocument.Parse(message.Text()).RootElement.GetProperty("CustomCheckId").GetString(), message.Properties.DiscardIfNotReceivedBefore))
                .OrderBy(pair => pair.Item1));
    }

    [Fact]
    public async Task A_check_that_throws_has_failed_and_goes_on()
    {
        weather.Outcomes.Enqueue(() => throw new TimeoutException("no answer"));
        await using var endpoint = await Start<RepeatedCheck>();
        await Eventually.Holds(() => endpoint.Dispatcher.OfType(Result).Length == 1, "first report");
        var report = JsonDocument.Parse(endpoint.Dispatcher.Single().Text()).RootElement;
        Assert.True(report.GetProperty("HasFailed").GetBoolean());
        Assert.Equal(
            $"The check {typeof(RepeatedCheck).FullName} with id 'Sky again' in category 'Weather' threw System.TimeoutException: no answer",
            report.GetProperty("FailureReason").GetString());
        await Eventually.Holds(
            () => endpoint.Dispatcher.OfType(Result).Length >= 2, "second report", () => endpoint.Clock.Advance(TimeSpan.FromSeconds(10)));
        Assert.Contains("\"HasFailed\":false", endpoint.Dispatcher.OfType(Result)[1].Text());
    }

    [Fact]
    public async Task A_report_that_could_not_be_sent_disturbs_nothing_and_is_made_up_for()
    {
        await using var endpoint = Build<OneTimeCheck>();
        endpoint.Dispatcher.FailNext = new IOException("The queue is missing.");
        await endpoint.StartAsync();
        await Eventually.Holds(() => endpoint.Dispatcher.FailNext is null, "failed report");
        Assert.Equal(1, await endpoint.Deliver(new Ping("x")));
        await Eventually.Holds(
            () => endpoint.Dispatcher.OfType(Result).Length == 1, "report", () => endpoint.Clock.Advance(TimeSpan.FromSeconds(20)));
        Assert.Equal(1, weather.Checked);
    }

    [Fact]
    public async Task Checks_are_found_by_scanning()
    {
        await using var endpoint = await TestEndpoint.Start(
            configuration =>
            {
                configuration.AssemblyScanner().Disable = false;
                configuration.AssemblyScanner().ScanAppDomainAssemblies = true;
                configuration.UsePersistence<ServiceBus.Tests.Sagas.SagaMemoryPersistence>();
                configuration.ReportCustomChecksTo(Reports.Queue);
                configuration.AddCustomCheck<OneTimeCheck>();
            },
            services: services => services.AddSingleton(weather));
        string[] Reported() => [.. endpoint.Dispatcher.OfType(Result).Select(message => JsonDocument.Parse(message.Text()).RootElement.GetProperty("CustomCheckId").GetString()!)];
        await Eventually.Holds(() => Reported().Contains("Sky") && Reported().Contains("Sky again"), "both reports");
        Assert.Equal(2, weather.Made);
    }

    [Fact]
    public async Task A_check_ends_with_its_endpoint_and_is_disposed()
    {
        await using var endpoint = await Start<RepeatedCheck>();
        await Eventually.Holds(() => endpoint.Dispatcher.OfType(Result).Length == 1, "report");
        await endpoint.StopAsync();
        Assert.Equal(1, weather.Disposed);
        endpoint.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, weather.Checked);
    }

    [Fact]
    public async Task A_check_that_never_ends_does_not_keep_its_endpoint_from_stopping()
    {
        await using var endpoint = await TestEndpoint.Start(
            configuration =>
            {
                configuration.ReportCustomChecksTo(Reports.Queue);
                configuration.AddCustomCheck<EndlessCheck<int>>();
            },
            services: services => services.AddSingleton(weather).Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(100)));
        await Eventually.Holds(() => weather.Checked == 1, "begin of the check");
        await endpoint.StopAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Contains("shutdown", endpoint.Transport.Calls);
    }

    [Fact]
    public void A_check_describes_itself_completely()
    {
        Assert.Throws<ArgumentException>(() => new Described<int>(" ", "c", null));
        Assert.Throws<ArgumentException>(() => new Described<int>("i", "", null));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Described<int>("i", "c", TimeSpan.Zero));
        var check = new Described<int>("i", "c", TimeSpan.FromSeconds(1));
        Assert.Equal(("i", "c", TimeSpan.FromSeconds(1)), (check.Id, check.Category, check.Interval));
    }

    private async Task<TestEndpoint> Start<T>(TimeSpan? timeToLive = null, Action<EndpointConfiguration>? configure = null) where T : class, ICustomCheck
    {
        var endpoint = Build<T>(timeToLive, configure);
        await endpoint.StartAsync();
        return endpoint;
    }

    private TestEndpoint Build<T>(TimeSpan? timeToLive = null, Action<EndpointConfiguration>? configure = null) where T : class, ICustomCheck =>
        TestEndpoint.Build(
            configuration =>
            {
                configuration.ReportCustomChecksTo(Reports.Queue, timeToLive);
                configuration.AddCustomCheck<T>();
                configure?.Invoke(configuration);
            },
            services: services => services.AddSingleton(weather));

    public sealed class Weather
    {
        public ConcurrentQueue<Func<CheckResult>> Outcomes { get; } = new();

        public int Made;

        public int Checked;

        public int Disposed;
    }

    public sealed class OneTimeCheck : CustomCheck
    {
        private readonly Weather weather;

        public OneTimeCheck(Weather weather)
            : base("Sky", "Weather")
        {
            this.weather = weather;
            Interlocked.Increment(ref weather.Made);
        }

        public override Task<CheckResult> PerformCheck(CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref weather.Checked);
            return weather.Outcomes.TryDequeue(out var outcome) ? outcome() : CheckResult.Pass;
        }
    }

    public sealed class RepeatedCheck : CustomCheck, IDisposable
    {
        private readonly Weather weather;

        public RepeatedCheck(Weather weather)
            : base("Sky again", "Weather", TimeSpan.FromSeconds(30))
        {
            this.weather = weather;
            Interlocked.Increment(ref weather.Made);
        }

        public override Task<CheckResult> PerformCheck(CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref weather.Checked);
            return weather.Outcomes.TryDequeue(out var outcome) ? outcome() : CheckResult.Pass;
        }

        public void Dispose() => Interlocked.Increment(ref weather.Disposed);
    }

    private sealed class EndlessCheck<T>(Weather weather) : CustomCheck("Endless", "Weather")
    {
        public override Task<CheckResult> PerformCheck(CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref weather.Checked);
            return new TaskCompletionSource<CheckResult>().Task;
        }
    }

    // Generic, so that scanning leaves it alone.
    private sealed class Described<T>(string id, string category, TimeSpan? interval) : CustomCheck(id, category, interval)
    {
        public override Task<CheckResult> PerformCheck(CancellationToken cancellationToken = default) => CheckResult.Pass;
    }
}
